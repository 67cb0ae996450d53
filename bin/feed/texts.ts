// What `npm run feed` says of files, in the words of who made them.
import { columnName } from '../../lib/feed/rules.ts'
import { type BrokenFile, FEED_FILES, type FeedFile, type FileReason } from '../../lib/feed/schema.ts'

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
