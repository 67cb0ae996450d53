// What a feed may hold: its files and their columns, why a row can be refused, and the report of a run.
import { disconnectionReasons, outageKinds } from '../../db/enums.ts'
import type { CellKind, Column } from './column-schema.ts'

/** A file's columns, and those that make a row's key within the biller. */
export type FileDefinition = { columns: readonly Column[]; key: readonly string[] }

const optional = (name: string, kind: CellKind, sql = 'text', stored = name): Column => {
  return { name, kind, sql, stored, required: false }
}
const needed = (...column: Parameters<typeof optional>): Column => ({
  ...optional(...column),
  required: true,
})
const newer = (name: string, kind: CellKind): Column => ({ ...optional(name, kind), newer: true })

/** In the order of loading: each file may lean on those before it. */
export const FEED_FILES = {
  contracts: {
    key: ['code'],
    columns: [
      needed('code', 'contract_code'),
      optional('holder_first_name', 'text'),
      optional('holder_last_name', 'text'),
      optional('holder_father_name', 'text'),
      optional('holder_personal_number', 'personal_number'),
      optional('business_name', 'text'),
      optional('business_number', 'business_number'),
      needed('category', ['household', 'business', 'public']),
      optional('region', 'text'),
      optional('branch', 'text'),
      optional('zone', 'text'),
      optional('address', 'address'),
      optional('phone', 'phone'),
      optional('connected_on', 'day', 'date'),
      optional('phases', 'small_number', 'smallint'),
      optional('connected_power_kw', 'power', 'numeric(10, 2)', 'power_connected_kw'),
      optional('contracted_power_kw', 'power', 'numeric(10, 2)', 'power_contracted_kw'),
      optional('tariff_group', 'text'),
      optional('meter_number', 'key'),
      optional('meter_remote', ['true', 'false'], 'boolean'),
      optional('closed_on', 'day', 'date'),
      newer('customer_category', 'text'),
    ],
  },
  invoices: {
    key: ['number'],
    columns: [
      needed('number', 'key'),
      needed('contract_code', 'contract_code'),
      needed('period', 'month', 'date'),
      optional('period_from', 'day', 'date'),
      optional('period_to', 'day', 'date'),
      needed('issued_on', 'billing_day', 'date'),
      needed('due_on', 'billing_day', 'date'),
      optional('previous_reading', 'measure', 'numeric(14, 3)'),
      optional('current_reading', 'measure', 'numeric(14, 3)'),
      optional('reading_kind', ['read', 'estimated', 'remote']),
      optional('units_kwh', 'measure', 'numeric(14, 3)', 'units'),
      needed('principal', 'amount', 'bigint'),
      needed('tv_tax', 'amount', 'bigint'),
      needed('total', 'amount', 'bigint'),
      optional('cancelled_on', 'past_day', 'date'),
      newer('nivf', 'text'),
      newer('nslf', 'text'),
      newer('fiscal_qr', 'qr_content'),
      newer('payment_reference', 'text'),
    ],
  },
  invoice_lines: {
    key: ['invoice_number', 'position'],
    columns: [
      needed('invoice_number', 'key'),
      needed('position', 'small_number', 'smallint'),
      needed('code', 'text'),
      needed('quantity', 'measure', 'numeric(14, 3)'),
      needed('unit_price', 'price', 'numeric(14, 4)'),
      needed('amount', 'amount', 'bigint'),
      needed('vat_rate', 'percent', 'numeric(5, 2)', 'vat_percent'),
    ],
  },
  payments: {
    key: ['reference'],
    columns: [
      needed('reference', 'key'),
      needed('contract_code', 'contract_code'),
      needed('paid_on', 'past_day', 'date'),
      needed('amount', 'received', 'bigint'),
      needed('method', ['CASH', 'CARD', 'TRANSFER']),
      needed('source', 'text'),
      optional('invoice_number', 'key'),
      optional('reversed_on', 'past_day', 'date'),
    ],
  },
  readings: {
    key: ['meter_number', 'register', 'read_at'],
    columns: [
      needed('contract_code', 'contract_code'),
      needed('meter_number', 'key'),
      needed('read_at', 'past_instant', 'timestamptz'),
      needed('register', ['A1', 'A2', 'R1', 'R2']),
      needed('value_kwh', 'measure', 'numeric(14, 3)', 'value'),
    ],
  },
  disconnections: {
    key: ['reference'],
    columns: [
      needed('reference', 'key'),
      needed('contract_code', 'contract_code'),
      needed('announced_on', 'billing_day', 'date'),
      needed('not_before', 'billing_day', 'date'),
      needed('reason', disconnectionReasons),
      optional('amount', 'amount', 'bigint'),
      optional('done_at', 'past_instant', 'timestamptz'),
      optional('reconnected_at', 'past_instant', 'timestamptz'),
      optional('cancelled_on', 'past_day', 'date'),
    ],
  },
  outages: {
    key: ['reference'],
    columns: [
      needed('reference', 'key'),
      needed('kind', outageKinds),
      optional('region', 'text'),
      optional('branch', 'text'),
      optional('zone', 'text'),
      optional('place', 'text'),
      needed('starts_at', 'instant', 'timestamptz'),
      optional('ends_at', 'instant', 'timestamptz'),
      optional('text_sq', 'long_text'),
      optional('text_en', 'long_text'),
      optional('text_sr', 'long_text'),
      optional('cancelled_on', 'past_day', 'date'),
    ],
  },
} as const satisfies Record<string, FileDefinition>

export type FeedFile = keyof typeof FEED_FILES

export const FEED_FILE_NAMES = Object.keys(FEED_FILES) as FeedFile[]

/** Why a row is refused, in the words of who made it. */
export const ROW_TEXTS = {
  wrong_column_count: 'the row has another number of columns than the header',
  empty: 'a value is needed here',
  too_long: 'the text is over its limit',
  forbidden_character: 'the text holds a character that shows nothing or cannot be stored',
  not_a_contract_code: 'this is no contract code of the biller',
  unknown_value: 'this value is none of those allowed',
  not_a_date: 'this is no date that exists (YYYY-MM-DD)',
  not_a_month: 'this is no month (YYYY-MM)',
  not_a_time: 'this is no time with its offset (2026-01-31T06:00:00+01:00)',
  in_the_future: 'this day has not come yet',
  out_of_order: 'this is before what it must follow',
  not_a_number: 'this is no number (123.45)',
  negative: 'the number is negative',
  zero: 'the amount is zero',
  too_many_decimals: 'the number has more decimals than can be kept',
  does_not_fit: 'the value is outside what can be kept',
  wrong_total: 'total is not principal + tv_tax',
  repeated_key: 'the file holds this key more than once',
  unknown_contract: 'there is no such contract',
  unknown_invoice: 'there is no such invoice',
  contract_refused: 'its contract was refused in contracts.csv; mend that and send both again',
  invoice_refused: 'its invoice was refused in invoices.csv; mend that and send both again',
  differs_from_our_payment: 'this is a payment of ours, and not what we have of it',
  our_payment_not_captured:
    'this is a payment of ours that the bank has not confirmed to us; send it again later',
  not_loadable:
    'the database refused what the feed makes of this contract, so all of it stays as it was; tell who runs the portal',
} as const
export type RowReason = keyof typeof ROW_TEXTS

/** Those of rows that want nothing but what they name: it was refused in the same feed. They are counted, not listed. */
export const WAITING_REASONS = ['contract_refused', 'invoice_refused'] as const satisfies readonly RowReason[]

/** What is loaded all the same, and looked at by a person. */
export const WARNING_TEXTS = {
  not_a_personal_number: 'no personal number has this form, so nobody is known as the holder by it',
  not_a_business_number: 'no business number (NIPT, NUI) has this form',
  not_a_phone: 'this is no phone number',
  lost_letter: 'a letter was lost before the file came to us (�)',
  not_printable:
    'the typefaces of our documents lack a letter of it, and print � in its place; pages show it',
  dates_out_of_order: 'this day is before the one that it should follow',
  in_the_future: 'this day has not come yet',
  far_ahead: 'this day is more than a year ahead',
  lines_differ_from_principal: 'the lines of the invoice with their VAT do not add up to its principal',
} as const
export type WarningReason = keyof typeof WARNING_TEXTS

/** Why a whole file is refused. */
export type FileReason =
  | 'name_twice'
  | 'utf16'
  | 'workbook'
  | 'not_utf8'
  | 'bare_return'
  | 'stray_quote'
  | 'unclosed_quote'
  | 'row_too_long'
  | 'no_header'
  | 'separator_line'
  | 'other_separator'
  | 'unnamed_column'
  | 'misspelt_column'
  | 'unknown_column'
  | 'missing_column'
  | 'repeated_column'

/** Why an upload is refused as a whole, in the words of who sent it. */
export const UPLOAD_TEXTS = {
  not_a_zip: 'this is no zip, or not all of it',
  broken_zip: 'a file of the zip cannot be unpacked, or has another size than the zip says',
  encrypted_zip: 'the zip is encrypted; send it without a password',
  packed_otherwise: 'the zip is packed by a method other than deflate; pack it as any computer can unpack it',
  path_in_name: 'a file lies in a folder; put the files at the top, without folders',
  zip_in_zip: 'a file is a zip itself; pack the CSV files alone',
  too_many_files: 'there are more than a hundred files',
  name_twice: 'two files have the same name, or names that differ by case alone',
  too_compressed: 'a file would unpack to several hundred times its size; no feed does',
  too_large_unpacked: 'unpacked, the files are larger than this portal takes',
  broken_multipart: 'the parts of the body cannot be told apart, or the last one has no end',
  broken_gzip: 'the body is no gzip, though its Content-Encoding says so',
  no_feed_file: 'none of the files is one of a feed',
  upload_lost: 'what was sent was lost before it was loaded; send it again',
} as const
export type UploadReason = keyof typeof UPLOAD_TEXTS

/** How a file was read. Windows-1250 is no part of the format; what else it could be is refused. */
export type Encoding = 'utf-8' | 'windows-1250'

/** Columns of a file of refused rows: what was wrong is no part of the row, and is passed over when it is sent again. */
export const REFUSAL_COLUMNS = ['refused_line', 'refused_column', 'refused_reason'] as const

/**
 * A refused row. `line` counts from 1, the header's; `column` is null where the row as a whole is wrong. `key` and
 * `value` as they stand in the file, made printable; the value is never stored, it may be personal.
 */
export type FeedRefusal = {
  file: FeedFile
  line: number
  column: string | null
  reason: RowReason
  key: string | null
  value: string | null
}

/** A refused row as it stands in its file. */
export type RefusedRow = FeedRefusal & { fields: string[] }

/** A row that was loaded with something to look at. `key` is printable. */
export type FeedWarning = { file: FeedFile; line: number; column: string; reason: WarningReason; key: string }

/** A refused file; `line` and `column` where they are known. */
export type BrokenFile = { reason: FileReason; line: number | null; column: string | null }

/**
 * What became of a file's rows. `removed`: lines of an invoice that its new lines replaced. `waiting`: how many of the
 * refused want nothing but their contract or invoice. */
export type FeedFileReport = {
  file: FeedFile
  rows: number
  added: number
  changed: number
  unchanged: number
  removed: number
  refused: number
  waiting: number
  encoding: Encoding
  broken: BrokenFile | null
}

/**
 * What a run has done of a file so far. `absent`: columns that the file does not have, as older feeds do not. `mended`: it is
 * one of refused rows, sent again.
 */
export type RunFile = Omit<FeedFileReport, 'unchanged'> & { absent: string[]; mended?: boolean }

/**
 * Rows that were refused for one reason. `line`: of the first of them; `figures`: what is wrong in it, without a customer's data.
 * Reports of earlier runs have neither.
 */
export type RefusalCount = {
  file: FeedFile
  column: string | null
  reason: RowReason
  rows: number
  line?: number
  figures?: string | null
}

/** `refused`: nothing was loaded, because of `--strict`, or because all there was is refused. */
export type FeedReport = {
  biller: string
  status: 'loaded' | 'loaded_with_refusals' | 'refused'
  strict: boolean
  files: FeedFileReport[]
  /** What else lies in the folder, the first hundred: nothing reads it. */
  ignoredFiles: string[]
  refusedRows: number
  /** The first of them, without those that only wait; `onRefusals` of loadFeed hears all. */
  refusals: FeedRefusal[]
  /** All of them. Reports of earlier runs have none. */
  refusalCounts?: RefusalCount[]
  warningCounts: { file: FeedFile; column: string; reason: WarningReason; rows: number }[]
  /** The first of them. */
  warnings: FeedWarning[]
}

/** How far a run is: `done` of the phase, from 0 to 1. */
export type FeedProgress = {
  phase: 'waiting' | 'reading' | 'validating' | 'loading' | 'done'
  file?: FeedFile
  done: number
}

/** Of a biller's newest runs so many are looked through for those that were refused since one was loaded. */
export const REFUSED_AMONG = 10

/** How many were refused: where all that were looked through are, there may be more. */
export const refusedCount = (count: number): string =>
  count < REFUSED_AMONG ? String(count) : `${REFUSED_AMONG}+`
