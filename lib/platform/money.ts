// Money: integers of minor units with their currency. A lek has two decimals here although Intl prints none.

export type { Currency } from '../../db/enums.ts'

/** `456.00` to 45600; undefined unless it is a plain amount with at most two decimals that a number holds exactly. */
export function parseMinor(text: string): number | undefined {
  const match = /^(-?)(\d{1,13})(?:\.(\d{1,2}))?$/.exec(text)
  if (!match) return undefined
  const minor = Number(match[2]) * 100 + Number((match[3] ?? '').padEnd(2, '0'))
  return match[1] ? -minor : minor
}

/** 45600 to `456.00`, as banks and CSV files write it. */
export function plainAmount(minor: number): string {
  const digits = String(Math.abs(minor)).padStart(3, '0')
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** Millionths of a minor unit, none negative, rounded half up to minor units. */
export const roundMillionths = (millionths: bigint): number => Number((millionths + 500_000n) / 1_000_000n)

/** How a currency prints in a locale, so that the browser can write a sum without knowing the locale. */
export type MoneyPattern = { prefix: string; suffix: string; decimal: string; group: string }

/** Prints minor units, thousands always grouped, by a pattern made on the server (moneyPattern in lib/i18n/formats.ts). */
export function printMinor(minor: number, pattern: MoneyPattern): string {
  const [whole = '', decimals = ''] = plainAmount(Math.abs(minor)).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, pattern.group)
  return `${minor < 0 ? '−' : ''}${pattern.prefix}${grouped}${pattern.decimal}${decimals}${pattern.suffix}`
}
