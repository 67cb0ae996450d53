// What addresses of cases say.
import { z } from 'zod'

/** What a queue says was done. */
export const decidedAs = ['accepted', 'rejected'] as const

export const casePath = (queue: string, id: string) => `/staff/${queue}/${id}`

/** By which its owner and staff speak of a case. */
export const caseNumber = (id: string): string => id.slice(0, 8).toUpperCase()

/** A number from an address; undefined where it has no such form. */
export const parseCaseNumber = (typed: unknown): string | undefined =>
  z
    .string()
    .regex(/^[0-9A-F]{8}$/)
    .safeParse(typed).data

/** An id from an address; undefined where it has no such form. */
export const parseId = (typed: unknown): string | undefined => z.uuid().safeParse(typed).data
