// Personal numbers and business numbers: form and check digit. A failed form is an error; a failed check digit only asks to look again.
import type { Country } from '../../db/enums.ts'
import { readGrouped } from './typed.ts'

/** The number in its stored form; undefined where it is neither Kosovo's (10 digits) nor Albania's (letter, 8 digits, letter). */
export function readPersonalNumber(typed: string): string | undefined {
  const number = readGrouped(typed)
  return /^\d{10}$/.test(number) || /^[0-9A-T]\d{8}[A-W]$/.test(number) ? number : undefined
}

/** Whether the check digit of a number in its stored form fits. */
export const checkDigitFits = (number: string): boolean =>
  /^\d{10}$/.test(number) ? kosovoCheckFits(number) : albanianCheckFits(number)

function kosovoCheckFits(number: string): boolean {
  if (number.startsWith('9')) return true
  const weights = [4, 3, 2, 7, 6, 5, 4, 3, 2]
  const sum = weights.reduce((total, weight, index) => total + weight * Number(number[index]), 0)
  const check = 11 - (sum % 11)
  return (check >= 10 ? 0 : check) === Number(number[9])
}

const ALBANIAN_LETTERS = 'WABCDEFGHIJKLMNOPQRSTUV'

function albanianCheckFits(number: string): boolean {
  const weights = [1, 1, 2, 3, 4, 5, 6, 7, 8]
  const value = (character: string) =>
    /\d/.test(character) ? Number(character) : ALBANIAN_LETTERS.indexOf(character)
  const sum = weights.reduce((total, weight, index) => total + weight * value(number[index]!), 0)
  return ALBANIAN_LETTERS[sum % 23] === number[9]
}

/** A business number as contracts carry it, with the country of its register: Albania's NIPT or Kosovo's NUI. */
export type BusinessNumber = { number: string; country: Country }

/** Undefined where it is neither a NIPT (A to M, 8 digits, letter) nor a NUI (9 digits). */
export function readBusinessNumber(typed: string): BusinessNumber | undefined {
  const number = readGrouped(typed)
  if (/^[A-M]\d{8}[A-Z]$/.test(number)) return { number, country: 'AL' }
  return /^\d{9}$/.test(number) ? { number, country: 'XK' } : undefined
}

/** Whether a NIPT's letter fits by the rule of personal numbers, as the published ones do. None is known for a NUI. */
export const businessCheckFits = ({ number, country }: BusinessNumber): boolean =>
  country === 'XK' || albanianCheckFits(number)
