// What is told of a contract's supply, and where.
import type { DisconnectionReason, OutageKind } from '../../db/enums.ts'
import type { IsoDate } from '../platform/dates.ts'

/** Work that was planned or a fault, in whatever languages its biller gave a text. `endsAt` null: nobody knows yet. */
export type Outage = {
  id: number
  kind: OutageKind
  region: string | null
  branch: string | null
  zone: string | null
  place: string | null
  startsAt: Date
  endsAt: Date | null
  textSq: string | null
  textEn: string | null
  textSr: string | null
  isCancelled: boolean
}

/** Of a contract. `payments`: those received since the day it was announced, in the order in which they became known. */
export type Disconnection = {
  announcedOn: IsoDate
  notBefore: IsoDate
  reason: DisconnectionReason
  /** In minor units; null: the biller named none. */
  amount: number | null
  doneAt: Date | null
  reconnectedAt: Date | null
  cancelledOn: IsoDate | null
  payments: { amount: number; at: Date }[]
}

export const NO_POWER = '/no-power'

/** The emergency number of both countries. */
export const EMERGENCY = '112'
