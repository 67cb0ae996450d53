// What addresses of cases say.
import { z } from 'zod'
import { type Country, countries } from '../../db/enums.ts'
import { readId } from '../platform/typed.ts'

/** What a queue says was done. */
export const decidedAs = ['accepted', 'rejected'] as const

export const casePath = (queue: string, id: string) => `/staff/${queue}/${id}`

/** A request of a contract's: its customers' page. */
export const requestPath = (biller: string, code: string, number: string) =>
  `/contracts/${biller}/${code}/requests/${number}`

/** Where a request about a contract begins. */
export const newRequestPath = ({ biller, code }: { biller: string; code: string }) =>
  `/contracts/${biller}/${code}/requests/new`

/** By which its owner and staff speak of a case without a number of its own. */
export const caseNumber = (id: string): string => id.slice(0, 8).toUpperCase()

/** The number of a case, or the first figures of its id where its kind gives none. */
export const shownNumber = ({ id, number }: { id: string; number: string | null }): string =>
  number ?? caseNumber(id)

/** A number from an address; undefined where it has no such form. */
export const parseCaseNumber = (typed: unknown): string | undefined =>
  z
    .string()
    .regex(/^[0-9A-F]{8}$/)
    .safeParse(typed).data

/** An id from an address; undefined where it has no such form. */
export const parseId = readId

/** Whose days off of which year, from an address or a form; what it has not, or wrongly, is that of `otherwise`. */
export const readYear = (
  typed: { country?: unknown; year?: unknown },
  otherwise: { country: Country; year: number },
) => ({
  country: countries.find(country => country === typed.country) ?? otherwise.country,
  year: /^20\d\d$/.test(String(typed.year)) ? Number(typed.year) : otherwise.year,
})

export const daysOffPath = ({ country, year }: { country: Country; year: number }, done?: string) =>
  `/staff/days-off?country=${country}&year=${year}${done ? `&done=${done}` : ''}`
