// The file for the regulator as PDF: in the reader's language and in Albanian, ready to print, to sign and to post.
import { hasMeters, wordsFor } from '../billers/supply.ts'
import { formatDay, formatInstant, formatMoney, formatMonth, formatUnits } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { type Translator, translator } from '../i18n/translator.ts'
import { codeWords, inBoth, plain, type Row, type Words } from '../i18n/words.ts'
import { Sheet } from '../pdf/sheet.ts'
import type { Column } from '../pdf/tables.ts'
import { QUIET } from '../pdf/typesetter.ts'
import { dayIn } from '../platform/dates.ts'
import { changedWords, fieldLabel, fieldValue, readingWords, saidFields } from './answer-words.ts'
import { howCounted, publicState, tookShort } from './deadline-words.ts'
import type { RegulatorFile } from './regulator-file.ts'

type Texts = Translator<'regulatorFile'>
type Say = (text: (texts: Texts, locale: Locale) => string) => Words

const NONE = plain('–')
/** Lines to write an address on by hand. */
const BLANK_LINES = 3
const BLANK_LINE = 20

/** A tagged A4 PDF in the reader's language and in Albanian. */
export function regulatorPdf(file: RegulatorFile, locale: Locale): Buffer {
  const say: Say = text => inBoth(locale, one => text(translator(one, 'regulatorFile'), one))
  const { request, person, madeAt } = file
  const { biller, number } = request
  const title = say(t => t('title', { number }))
  const sheet = new Sheet({
    title: title.text,
    author: `${person.firstName} ${person.lastName}`,
    locale,
    // It is the customer's letter, not the company's.
    continued: translator(locale, 'regulatorFile')('continued', {
      biller: `${person.firstName} ${person.lastName}`,
      title: title.text,
    }),
    madeAt,
  })
  sheet.letterhead({
    name: `${person.firstName} ${person.lastName}`,
    details: [person.phone, person.email].filter(detail => detail !== null).map(plain),
  })
  drawAddress(sheet, file, say)
  sheet.title(title)
  sheet.space(6)
  sheet
    .text(
      'P',
      say(t => t(file.why)),
      { weight: 'bold', size: 10.5 },
    )
    .draw()
  sheet.space(4)
  sheet
    .text(
      'P',
      say(t => t('asks', { biller: biller.name })),
    )
    .draw()
  sheet.space(12)
  heading(
    sheet,
    say(t => t('request')),
  )
  sheet.pairs(requestRows(file, say, locale), { labels: 0.4 }).draw()
  sheet.space(16)
  heading(
    sheet,
    say(t => t('timeline')),
  )
  drawTimeline(sheet, file, say, locale)
  sheet.space(16)
  drawBills(sheet, file, say, locale)
  drawPapers(sheet, file, say, locale)
  const at = (one: Locale) => formatInstant(madeAt, one, biller.timeZone)
  sheet
    .text(
      'P',
      say((t, one) => t('made', { at: at(one), biller: biller.name })),
      { size: 9, color: QUIET },
    )
    .draw()
  blankLine(
    sheet,
    say(t => t('date')),
  )
  blankLine(
    sheet,
    say(t => t('signature')),
  )
  const t = translator(locale, 'regulatorFile')
  return sheet.finish((page, pages) => ({
    left: t('footer', { biller: biller.name }),
    right: t('page', { page, pages }),
  }))
}

/** A line to write on by hand, below what is to be written. */
function blankLine(sheet: Sheet, words: Words): void {
  sheet.space(14)
  sheet.text('P', words, { size: 9, color: QUIET }).draw()
  const { width } = sheet
  sheet.width = width / 2
  sheet.space(BLANK_LINE)
  sheet.rule()
  sheet.width = width
}

function heading(sheet: Sheet, words: Words): void {
  sheet.text('H2', words, { weight: 'bold', size: 12 }).draw()
  sheet.space(6)
}

/** Where its address is not set, there are lines to write it on. */
function drawAddress(sheet: Sheet, { regulator: { code, address } }: RegulatorFile, say: Say): void {
  const name = say((_, one) => translator(one, 'requests')('regulator.name', { regulator: code }))
  sheet
    .text(
      'P',
      say(t => t('to')),
      { size: 8.5, color: QUIET },
    )
    .draw()
  sheet.text('P', name, { weight: 'bold', size: 10.5 }).draw()
  for (const line of address?.split('\n') ?? []) sheet.text('P', plain(line)).draw()
  const { width } = sheet
  sheet.width = width / 2
  for (let line = 0; !address && line < BLANK_LINES; line++) {
    sheet.space(BLANK_LINE)
    sheet.rule()
  }
  sheet.width = width
  sheet.space(20)
}

function requestRows({ request, holder }: RegulatorFile, say: Say, locale: Locale): Row[] {
  const { number, kind, biller, contract, createdAt, dueAt, answers, counted, decidedAt } = request
  const instant = (at: Date) => plain(formatInstant(at, locale, biller.timeZone))
  const lastOn = dueAt && dayIn(biller.timeZone, new Date(dueAt.getTime() - 1))
  const stands = (one: Locale) =>
    [translator(one, 'requests')(`states.${publicState(request)}`), decidedAt && tookShort(request, one)]
      .filter(Boolean)
      .join(', ')
  const rows: (Row | false)[] = [
    {
      label: say((_, one) => translator(one, 'requests')('sent.number')),
      value: codeWords(number),
      strong: true,
    },
    {
      label: say(t => t('kind')),
      value: say((_, one) => translator(one, 'kinds')(`${kind}.name`, { country: biller.country })),
    },
    { label: say((_, one) => translator(one, 'words')('company')), value: plain(biller.name) },
    {
      label: say((_, one) => translator(one, 'words')('customerCode', wordsFor(biller))),
      value: codeWords(contract.code),
    },
    { label: say((_, one) => translator(one, 'words')('holder')), value: plain(holder.name ?? '–') },
    { label: say(t => t('place')), value: plain(holder.address ?? '–') },
    hasMeters(biller.code) && {
      label: say((_, one) => translator(one, 'words')('meter', { country: biller.country })),
      value: holder.meterNumber ? codeWords(holder.meterNumber) : NONE,
    },
    { label: say((_, one) => translator(one, 'requests')('sent.at')), value: instant(createdAt) },
    !!lastOn && {
      label: say(t => t('due')),
      value: request.limitUnit === 'hours' ? instant(dueAt!) : plain(formatDay(lastOn, locale)),
    },
    !!counted && {
      label: say((_, one) => translator(one, 'requests')('limit.how')),
      value: say((_, one) => howCounted(request, one).join(' ')),
    },
    { label: say(t => t('state')), value: say((_, one) => stands(one)) },
    ...saidFields(answers).map(field => ({
      label: say((_, one) => fieldLabel(field, request, one)),
      value: say((_, one) => fieldValue(field, answers[field]!, request, one)),
    })),
  ]
  return rows.filter(row => row !== false)
}

function drawTimeline(sheet: Sheet, { request, person }: RegulatorFile, say: Say, locale: Locale): void {
  const { history, biller } = request
  const columns: Column[] = [
    { title: say(t => t('when')), width: 17 },
    { title: say(t => t('step')), width: 20 },
    { title: say(t => t('by')), width: 18 },
    { title: say(t => t('words')), width: 45 },
  ]
  sheet.table(
    columns,
    history.map(({ move, side, by, note, at, answers }, index) => {
      const before = history.slice(0, index).findLast(step => step.answers)?.answers
      const changed = before && answers ? changedWords(before, answers, request, locale) : []
      const words = [...changed, move === 'file' ? answers?.note : note].filter(Boolean).join(' ')
      return [
        plain(formatInstant(new Date(at), locale, biller.timeZone)),
        say((_, one) => translator(one, 'cases')(`events.${move}`)),
        plain(
          side === 'staff'
            ? [biller.name, by].filter(Boolean).join(', ')
            : `${person.firstName} ${person.lastName}`,
        ),
        plain(words || '–'),
      ]
    }),
  )
}

function drawBills(sheet: Sheet, { request, bills }: RegulatorFile, say: Say, locale: Locale): void {
  heading(
    sheet,
    say(t => t('bills')),
  )
  if (bills.length === 0) {
    sheet
      .text(
        'P',
        say(t => t('noBills')),
      )
      .draw()
    sheet.space(16)
    return
  }
  const { biller } = request
  const reading = (value: string | null) => (value === null ? NONE : plain(readingWords(value, locale)))
  sheet.table(
    [
      { title: say(t => t('bill')), width: 22 },
      { title: say(t => t('period')), width: 17 },
      { title: say(t => t('before')), width: 14, align: 'right' },
      { title: say(t => t('reading')), width: 13, align: 'right' },
      { title: say(t => t('howRead')), width: 12 },
      { title: say(t => t('units')), width: 11, align: 'right' },
      { title: say(t => t('total')), width: 16, align: 'right' },
    ],
    bills.map(({ number, period, units, previousReading, currentReading, readingKind, total }) => [
      codeWords(number),
      plain(formatMonth(period, locale)),
      reading(previousReading),
      reading(currentReading),
      readingKind ? say(t => t('readings', { kind: readingKind })) : NONE,
      units === null ? NONE : plain(formatUnits(units, 'none', locale)),
      plain(formatMoney(total, biller.currency, locale)),
    ]),
  )
  sheet.space(16)
}

/** A hash is broken in two: it is compared, not copied. */
const HALF_HASH = 32

function drawPapers(sheet: Sheet, { request, papers }: RegulatorFile, say: Say, locale: Locale): void {
  heading(
    sheet,
    say(t => t('papers')),
  )
  if (papers.length === 0)
    sheet
      .text(
        'P',
        say(t => t('noPapers')),
      )
      .draw()
  else {
    sheet.table(
      [
        { title: say(t => t('paper')), width: 30 },
        { title: say(t => t('when')), width: 18 },
        { title: say(t => t('hash')), width: 52 },
      ],
      papers.map(({ name, at, sha256 }) => [
        plain(name),
        plain(formatInstant(new Date(at), locale, request.biller.timeZone)),
        sha256 ? plain(`${sha256.slice(0, HALF_HASH)} ${sha256.slice(HALF_HASH)}`) : say(t => t('gone')),
      ]),
    )
  }
  sheet.space(16)
}
