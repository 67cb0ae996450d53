// What a column of a feed’s file is, and what its cells may be.

/**
 * By what a cell may be. text, address and long_text, qr_content: up to 200, 300 or 500 characters; key: a text that rows are found
 * by. amount: minor units, not negative; received: above zero. day: any that exists; billing_day: one that interest can be counted
 * with, as the day of an instant is; past_day, past_instant: today at the latest.
 */
export type NamedKind =
  | 'text'
  | 'address'
  | 'long_text'
  | 'qr_content'
  | 'key'
  | 'personal_number'
  | 'business_number'
  | 'phone'
  | 'contract_code'
  | 'day'
  | 'billing_day'
  | 'past_day'
  | 'month'
  | 'instant'
  | 'past_instant'
  | 'amount'
  | 'received'
  | 'small_number'
  | 'power'
  | 'measure'
  | 'price'
  | 'percent'

/** An array: one of these. */
export type CellKind = NamedKind | readonly string[]

/**
 * `stored`: what it is called in the table. `newer`: older feeds do not have the column; a file without it leaves what a former
 * one set.
 */
export type Column = {
  name: string
  kind: CellKind
  sql: string
  stored: string
  required: boolean
  newer?: true
}
