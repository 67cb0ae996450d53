// How what a page has handed over reaches its parts: in the data that a script is told, or past them (decision 0045).
import type { Answer } from './answering.ts'

/** In an answer that is data, the value itself; in a document, its place among what was handed over. */
export type HandedOver<T> = { value: T } | { place: number }

/** What was handed over; undefined in the browser where only the HTML has it. */
export function take<T>(handed: HandedOver<T>): T | undefined {
  if ('value' in handed) return handed.value
  if (typeof window !== 'undefined') return undefined
  const { dritaAnswering } = globalThis as { dritaAnswering?: { getStore: () => Answer | undefined } }
  const all = dritaAnswering?.getStore()?.handed
  if (!all || !(handed.place in all)) throw new Error('Nothing was handed over in this answer.')
  return all[handed.place] as T
}
