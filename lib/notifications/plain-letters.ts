// The letters of SMS: with one that GSM's alphabet lacks, 70 characters fit into a part instead of 160.
import { compose } from '../platform/text.ts'

/** Letters without a mark that could be taken off, and signs. */
const PLAIN: Record<string, string> = {
  đ: 'dj',
  Đ: 'Dj',
  ł: 'l',
  Ł: 'L',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '·': '-',
  '³': '3',
  '\u00a0': ' ',
  '\u202f': ' ',
}
const SIGNS = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g')

/** `Shtëpia, 12 €` to `Shtepia, 12 €`; the euro is of GSM's alphabet, and takes two places. */
export const plainLetters = (text: string): string =>
  compose(
    text.replace(SIGNS, sign => PLAIN[sign]!),
    'NFD',
  ).replace(/\p{M}/gu, '')
