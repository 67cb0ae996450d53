// What people type or paste, read: the one place that says which characters say the same. Pure.
import { z } from 'zod'
import { type IsoDate, isIsoDate } from './dates.ts'
import { compose, visibleText } from './text.ts'

/** Plain characters, which need no folding: nearly everything that is typed, and a feed brings a million codes. */
const PLAIN = /^[!-~]*$/

const APOSTROPHES = /[\u2018\u2019\u201b\u02b9\u02bb\u02bc\u02c8\u2032\u00b4`\uff07]/gu
const DASHES = /[\p{Pd}\u2212\u2043\u02d7]/gu

/** Cyrillic and Greek letters that look like Latin ones: on two keyboards, the same code. */
const LOOK_ALIKES = new Map(
  [...'АВЕЅІЈКМНОРСТУХаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧο'].map((letter, index) => [
    letter,
    [...'ABESIJKMHOPCTYXaesijopcyxABEZHIKMNOPTYXo'][index]!,
  ]),
)

/** An id from an address or a form, in the small letters that it is stored in; undefined for anything that cannot be one. */
export const readId = (typed: unknown): string | undefined => z.uuid().toLowerCase().safeParse(typed).data

/** One line: composed (NFC), trimmed, blanks of every kind squeezed, without characters that show nothing. */
export const readLine = visibleText

/** Several lines: each as readLine has it, at most one empty one in a row. */
export const readNote = (typed: string): string =>
  typed
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map(readLine)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '')

/** A person's name: a line whose apostrophes and dashes are those of a plain keyboard; the one that SMS have, too. */
export const readName = (typed: string): string =>
  readLine(typed).replace(APOSTROPHES, "'").replace(DASHES, '-')

/** A code, number, username or e-mail address: a name in plain letters and digits, whichever alphabet or width was typed. */
export const readCode = (typed: string): string =>
  PLAIN.test(typed)
    ? typed
    : readLine(
        compose(readName(typed), 'NFKC').replace(/\p{L}/gu, letter => LOOK_ALIKES.get(letter) ?? letter),
      )

/** A code that blanks, dashes and dots may stand in, without them and in capitals: one-time codes, personal numbers. */
export const readGrouped = (typed: string): string =>
  compose(
    readCode(typed)
      .replace(/[\s.-]/g, '')
      .toUpperCase(),
    'NFC',
  )

/** A password: as it was typed, composed, so that two keyboards type the same. */
export const readPassword = (typed: string): string => compose(typed, 'NFC')

/** A day as it is written here, or as files have it: `4.5.2027`, `04/05/2027`, `2027-05-04`; undefined where there is no such day. */
export function readDay(typed: string): IsoDate | undefined {
  const text = readCode(typed).replace(/\s/g, '')
  const [, day, month, year] = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})\.?$/.exec(text) ?? []
  const iso = year ? `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}` : text
  return isIsoDate(iso) ? iso : undefined
}

/** An amount as people write it, `1234.50`, `1234,50` or `1 234,50`, as `1234.50`. */
export function readAmount(typed: string): string {
  const plain = readCode(typed).replace(/[^\d.,]/g, '')
  const decimals = /[.,](\d{1,2})$/.exec(plain)
  const whole = (decimals ? plain.slice(0, decimals.index) : plain).replace(/[.,]/g, '')
  return decimals ? `${whole}.${decimals[1]}` : whole
}

/** A month as it is written here, or as browsers send it: `4/2027`, `04.2027`, `2027-04`; its first day, undefined where there is none. */
export function readMonth(typed: string): IsoDate | undefined {
  const text = readCode(typed).replace(/\s/g, '')
  const [, month, year] = /^(\d{1,2})[./-](\d{4})\.?$/.exec(text) ?? []
  const iso = `${year ? `${year}-${month!.padStart(2, '0')}` : text}-01`
  return isIsoDate(iso) ? iso : undefined
}

/** A time of the day, to the minute, as people write it: `9:30`, `09.30`, `930` or `9`; as `09:30`. */
export function readTime(typed: string): string | undefined {
  const [, hour, minute = '00'] = /^(\d{1,2})[:.]?(\d{2})?$/.exec(readCode(typed).replace(/\s/g, '')) ?? []
  return hour && Number(hour) < 24 && Number(minute) < 60 ? `${hour.padStart(2, '0')}:${minute}` : undefined
}
