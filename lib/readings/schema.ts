// Readings of meters that customers send: types and addresses. Values are decimal strings in the biller's unit, days ISO dates.
import type { IsoDate } from '../platform/dates.ts'

/** Where a contract's readings are sent from, and listed. */
export const readingsPath = ({ biller, code }: { biller: string; code: string }): string =>
  `/contracts/${biller}/${code}/readings`

/** `high`: the only register, or that of the high rate. */
export type ReadingValues = { high: string; low: string | null }

export type ReadingState = 'sent' | 'handedOver' | 'withdrawn'

/** Why no reading is asked for. */
export type NotNeeded = 'noMeter' | 'remote' | 'movedOut' | 'closed'

/** The first invoice whose time the reading lies in; `currentReading` is its own. */
export type BesideBill = { id: number; period: IsoDate; currentReading: string | null }
