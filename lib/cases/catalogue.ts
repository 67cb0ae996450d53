// The requests and complaints that a customer can send: each kind is a line of data; which of them a biller hears stands in its file
// (db/billers). Source: only F2 is attested (OSHEE's "wrong tariff applied"), the others are ours; KESCO's own codes are from its catalogue.
import { type BillerCode, billerOf } from '../../db/billers.ts'
import { type RequestCode, requestCodes } from '../../db/enums.ts'
import type { Limit } from './deadline-rules.ts'

/** Billing, data of the contract, payments, quality of service, the meter. */
export const requestTypes = ['F', 'D', 'P', 'C', 'M'] as const
export type RequestType = (typeof requestTypes)[number]

/** In how many months somebody would pay what they owe. */
export const INSTALMENTS = ['2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'] as const

/** What a kind asks besides a note and documents; nothing of it has to be filled in. */
export const requestFields = ['invoice', 'meterNumber', 'currentReading', 'newValue', 'months'] as const
export type RequestField = (typeof requestFields)[number]

/** Papers that help: texts of `request.papers`. */
export type Paper =
  | 'identity'
  | 'extract'
  | 'authorisation'
  | 'invoiceCopy'
  | 'slip'
  | 'activity'
  | 'meterPhoto'
  | 'photo'
  | 'supporting'

export type RequestKind = {
  fields: readonly RequestField[]
  papers: readonly Paper[]
  /** How long staff have by law; none said: `USUAL`. Unverified unless a source is named. */
  limit?: Limit
  /** What a biller's own catalogue calls it. */
  ownCodes?: { [Code in BillerCode]?: string }
  /** Of the form: other than before once its fields change. A case keeps that of its filing. */
  version: number
}

/** Unverified for both countries: no rule of ERE's or ERO's for the licensee's own answer was found. */
export const USUAL: Limit = { count: 15, unit: 'calendarDays' }

const of = (
  fields: readonly RequestField[],
  papers: readonly Paper[],
  more: Omit<RequestKind, 'fields' | 'papers' | 'version'> = {},
): RequestKind => ({ fields, papers, ...more, version: 1 })
const READING = ['meterNumber', 'currentReading'] as const

export const catalogue = {
  F1: of(['invoice', ...READING], ['meterPhoto', 'invoiceCopy']),
  F2: of(['invoice'], ['invoiceCopy', 'supporting']),
  F3: of(['invoice'], ['supporting']),
  F4: of(['invoice', ...READING], ['meterPhoto', 'invoiceCopy']),
  F5: of(['invoice'], ['invoiceCopy', 'meterPhoto']),
  D1: of(['newValue'], ['identity', 'extract', 'authorisation', 'supporting']),
  D2: of(['newValue'], ['identity', 'supporting']),
  D3: of(['newValue'], ['identity', 'authorisation']),
  D4: of(['newValue'], ['identity', 'extract', 'authorisation']),
  D5: of(['newValue'], ['extract', 'activity']),
  P1: of(['invoice'], ['slip', 'invoiceCopy'], { ownCodes: { kesco: 'B1' } }),
  P2: of([], ['slip']),
  P3: of([], ['identity', 'slip']),
  P4: of(['invoice'], ['supporting']),
  P5: of(['months'], ['identity', 'supporting']),
  C1: of([], ['photo']),
  C2: of([], ['photo']),
  // Within 24 hours of all conditions being met: Kosovo, Rule 09/2017.
  C3: of([], ['slip'], { limit: { count: 24, unit: 'hours' } }),
  C4: of([], ['supporting']),
  M1: of(READING, ['meterPhoto']),
  M2: of(READING, ['meterPhoto'], { limit: { count: 5, unit: 'workingDays' } }),
  M3: of([], ['identity', 'photo', 'supporting']),
  M4: of([], ['meterPhoto']),
} as const satisfies Record<RequestCode, RequestKind>

export { type RequestCode, requestCodes }

/** What an address or a form calls a kind, or a type; undefined where there is none such. */
export const readKind = (said: unknown): RequestCode | undefined => requestCodes.find(code => code === said)
export const readType = (said: unknown): RequestType | undefined => requestTypes.find(type => type === said)

/** A line of the catalogue. */
export const requestKind = (code: RequestCode): RequestKind => catalogue[code]

export const typeOf = (code: RequestCode): RequestType => code[0] as RequestType

/** Whether a biller hears a kind. */
export const hearsKind = (biller: string, code: RequestCode): boolean =>
  billerOf(biller as BillerCode).requests.includes(code)

/** The kinds of a type that a biller hears. */
export const kindsOfType = (type: RequestType, biller: string): RequestCode[] =>
  requestCodes.filter(code => typeOf(code) === type && hearsKind(biller, code))
