// What became of a feed, for the person or the job that loaded it.
import { type FeedFileReport, type FeedReport, ROW_TEXTS, WARNING_TEXTS } from '../../lib/feed/schema.ts'
import { shown, tableLines } from '../shown.ts'
import { fileText } from './texts.ts'

export const EXIT_CODES: Record<FeedReport['status'], number> = {
  loaded: 0,
  refused: 1,
  loaded_with_refusals: 3,
}

/** The first warnings of the report that are printed; all of the hundred that it holds are stored. */
const WARNINGS_PRINTED = 20
const IGNORED_PRINTED = 20

/** The lines to print. `written`: the files of `folder` with refused rows, where one was asked for. */
export function reportLines(
  report: FeedReport,
  folder?: string,
  written?: ReadonlyMap<string, number>,
): string[] {
  return [
    ...counts(report),
    ...report.files.flatMap(fileNotes),
    ...ignored(report.ignoredFiles),
    ...refusals(report, folder === undefined),
    ...(folder === undefined || !written ? [] : [writtenText(folder, written)]),
    ...warnings(report),
    conclusion(report),
  ]
}

function counts({ files }: FeedReport): string[] {
  const names = ['rows', 'added', 'changed', 'unchanged', 'removed', 'refused'] as const
  return tableLines([
    ['file', ...names],
    ...files.map(file => [`${file.file}.csv`, ...names.map(name => String(file[name]))]),
  ])
}

function fileNotes({ file, broken, encoding }: FeedFileReport): string[] {
  if (broken) return [`${file}.csv refused whole: ${fileText(file, broken)}`]
  if (encoding === 'utf-8') return []
  return [`${file}.csv is not UTF-8 and was read as Windows-1250: see that ë ç đ š ž č ć are right`]
}

function ignored(names: readonly string[]): string[] {
  const more = names.length - IGNORED_PRINTED
  return [
    ...names.slice(0, IGNORED_PRINTED).map(name => `${name}: no file of a feed, not read`),
    ...(more > 0 ? [`and ${more} more that were not read`] : []),
  ]
}

function refusals({ files, refusals, refusedRows }: FeedReport, mayAsk: boolean): string[] {
  const lines = refusals.map(({ file, line, key, column, value, reason }) => {
    const cell = column === null ? '' : `, ${column}${value === null ? '' : ` "${value}"`}`
    return `${file}.csv line ${line}${key === null ? '' : ` (${key})`}${cell}: ${ROW_TEXTS[reason]}`
  })
  const more = refusedRows - refusals.length - files.reduce((sum, file) => sum + file.waiting, 0)
  return [
    ...lines,
    ...(more > 0 ? [`and ${more} more${mayAsk ? ' (--refusals FOLDER writes all)' : ''}`] : []),
    ...files.filter(file => file.waiting > 0).map(waitingText),
  ]
}

function waitingText({ file, waiting }: FeedFileReport): string {
  const leant = file === 'invoice_lines' ? 'invoices.csv' : 'contracts.csv'
  const verb = waiting === 1 ? 'is' : 'are'
  return `${file}.csv: ${rows(waiting)} ${verb} refused only because ${leant} was; mend that and send both again`
}

function writtenText(folder: string, written: ReadonlyMap<string, number>): string {
  if (written.size === 0) return `No row was refused, nothing was written to ${shown(folder)}.`
  const files = [...written].map(([file, count]) => `${file}.csv (${rows(count)})`).join(', ')
  return `The refused rows are in ${shown(folder)}: ${files}. Mend them there and load that folder.`
}

function warnings({ warningCounts, warnings }: FeedReport): string[] {
  const more = warningCounts.reduce((sum, count) => sum + count.rows, 0) - WARNINGS_PRINTED
  return [
    ...warningCounts.map(
      ({ file, column, reason, rows: count }) =>
        `Warning: ${file}.csv, ${column}, ${rows(count)}: ${WARNING_TEXTS[reason]}`,
    ),
    ...warnings
      .slice(0, WARNINGS_PRINTED)
      .map(({ file, line, column, key }) => `  ${file}.csv line ${line} (${key}), ${column}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
}

const rows = (count: number) => `${count} ${count === 1 ? 'row' : 'rows'}`

/** The run in a sentence. */
function conclusion({ status, strict, files, refusedRows, warningCounts }: FeedReport): string {
  const broken = files.filter(file => file.broken !== null).length
  const refused = [
    ...(broken > 0 ? [`${broken} ${broken === 1 ? 'file' : 'files'}`] : []),
    ...(refusedRows > 0 ? [rows(refusedRows)] : []),
  ].join(' and ')
  if (status === 'refused') return `Nothing was loaded: ${refused} refused${strict ? ' (--strict)' : ''}.`
  const loaded = status === 'loaded' ? 'Loaded' : `Loaded, but ${refused} refused`
  return warningCounts.length > 0 ? `${loaded}, with warnings.` : `${loaded}.`
}
