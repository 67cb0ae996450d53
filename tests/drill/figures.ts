// What is said of answers.
import { type Answer, outcomes } from '../support/load.ts'

/** Throws where one of them is not 200. */
export function expectNoError(answers: Answer[]): string {
  if (answers.some(({ status }) => status !== 200)) throw new Error(`answers: ${outcomes(answers)}`)
  return `${answers.length} answers, all 200`
}

export const slowest = (answers: Answer[]): number => Math.max(0, ...answers.map(({ ms }) => ms))

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
