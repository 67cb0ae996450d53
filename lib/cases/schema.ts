// What addresses of cases say.
import { z } from 'zod'

/** What a queue says was done. */
export const decidedAs = ['accepted', 'rejected'] as const

export const casePath = (queue: string, id: string) => `/staff/${queue}/${id}`

/** An id from an address; undefined where it has no such form. */
export const parseId = (typed: unknown): string | undefined => z.uuid().safeParse(typed).data
