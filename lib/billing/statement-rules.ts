// What an invoice and a year of invoices state beyond what the feed gave. Pure; amounts in minor units.
import type { IsoDate } from '../platform/dates.ts'

/** The feed's code of the line that carries the TV tax, which is no part of the principal. */
const TV_LINE = 'TV'

export const HISTORY_MONTHS = 12

/**
 * The principal as net amount and VAT. VAT is the difference, so that the sums printed always add up to the principal
 * whatever a biller's rounding. Null where the lines are unknown or come to more than the principal.
 */
export function splitPrincipal(
  lines: readonly { code: string; amount: number }[],
  principal: number,
): { net: number; vat: number } | null {
  const priced = lines.filter(line => line.code !== TV_LINE)
  const net = priced.reduce((sum, line) => sum + line.amount, 0)
  return priced.length === 0 || net > principal ? null : { net, vat: principal - net }
}

/** Whether a payment waits for the invoice that it names: it pays nothing until then, and nothing of it is over. */
export const isUnassigned = (payment: {
  reversedOn: IsoDate | null
  invoiceNumber: string | null
  invoiceId: number | null
}): boolean => !payment.reversedOn && payment.invoiceNumber !== null && payment.invoiceId === null

/** Splits a list into runs of the same key, in the order in which the keys first occur. */
export const groupBy = <Item>(items: readonly Item[], key: (item: Item) => unknown) =>
  [...Map.groupBy(items, key).values()] as [Item, ...Item[]][]

export const sumOf = <Key extends string>(items: readonly Record<Key, number>[], key: Key): number =>
  items.reduce((sum, item) => sum + item[key], 0)
