// What `npm run feed` says of rows and files, in the words of who made them.
import { columnName } from '../../lib/feed/rules.ts'
import {
  type BrokenFile,
  FEED_FILES,
  type FeedFile,
  type FileReason,
  type RowReason,
  type WarningReason,
} from '../../lib/feed/schema.ts'

export const ROW_TEXTS: Record<RowReason, string> = {
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
}

export const WARNING_TEXTS: Record<WarningReason, string> = {
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
}

const SAVE_AS_UTF8 = 'save it as CSV in UTF-8 (in Excel: “CSV UTF-8 (Comma delimited)”)'

/** What is wrong with a file, and what to do. */
export function fileText(file: FeedFile, { reason, line, column }: BrokenFile): string {
  const characters: Record<string, string> = {
    ';': 'semicolons',
    '\t': 'tabs',
    '<U+0009>': 'tabs',
    '|': 'bars',
  }
  const texts: Record<FileReason, string> = {
    name_twice: `these names differ by case alone (${column}), and only one of them can be meant; leave one`,
    utf16: `it is UTF-16; ${SAVE_AS_UTF8}`,
    workbook: `it is an Excel workbook under the name of a CSV file; ${SAVE_AS_UTF8}`,
    not_utf8: `a letter here is not UTF-8, though others of the file are; mend it or export the file anew, and ${SAVE_AS_UTF8}`,
    bare_return:
      'the line ends with CR alone; save the file with line ends LF or CRLF (not “CSV (Macintosh)”)',
    stray_quote:
      'a quotation mark stands inside a value; put the whole value in quotation marks and write the one inside twice',
    unclosed_quote: 'a quotation mark is opened here and never closed',
    row_too_long: 'the line is over a million characters long; this is no CSV',
    no_header: `the first line must name the columns: ${columnsOf(file)}`,
    separator_line: 'take out the line “sep=”; columns are always separated by commas',
    other_separator: `the columns are separated by ${characters[column!]}; separate them by commas, and write decimals with a point`,
    unnamed_column: 'a column has no name, as with a comma too many; take it out, of the rows too',
    misspelt_column: `the column “${column}” must be written ${columnName(column ?? '')}`,
    unknown_column: `the column “${column}” is unknown; the columns are ${columnsOf(file)}`,
    missing_column: `missing: ${column}; all columns must be there, empty where nothing is known`,
    repeated_column: `the column ${column} is there twice; take one out`,
  }
  return `${line === null ? '' : `line ${line}: `}${texts[reason]}`
}

const columnsOf = (file: FeedFile): string => FEED_FILES[file].columns.map(column => column.name).join(',')
