// What is said of many measurements.
import { tableLines } from '../shown.ts'

/** The value below which `share` of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** `0.81 (0.78–0.84)`: the median and the range. */
export const range = (values: readonly number[], digits = 2): string =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`

/** The 95 % interval of the difference of two medians, by drawing both samples anew a thousand times. */
export function differenceOfMedians(one: readonly number[], other: readonly number[]): [number, number] {
  const draw = (values: readonly number[]) =>
    median(Array.from(values, () => values[Math.floor(Math.random() * values.length)]!))
  const differences = Array.from({ length: 1000 }, () => draw(one) - draw(other))
  return [quantile(differences, 0.025), quantile(differences, 0.975)]
}

export function printTable(rows: readonly string[][]): void {
  for (const line of tableLines(rows)) console.log(`  ${line}`)
}
