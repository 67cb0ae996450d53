// What a notice tells of a disconnection: what is left to pay of it, by the same rule as the page that it leads to.
import { sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { billers } from '../../db/schema/billers.ts'
import { disconnections } from '../../db/schema/supply.ts'
import { inOwnTime, invoiceBegins, paymentBegins, whenInOwnTime } from '../contracts/access.ts'
import { type DisconnectionJson, paymentsSince } from '../supply/columns.ts'
import { leftToPay } from '../supply/rules.ts'
import type { NoticeItem } from './schema.ts'

/** As conditions of lib/supply call it. */
export const d = alias(disconnections, 'd')

/** Without interest, for it is only told whether there is any: what was overdue when the joined disconnection was announced. */
const announcedDebt = sql`(select coalesce(sum(i.unpaid), 0) from invoices i
  where i.contract_id = ${d.contractId} and i.unpaid >= ${billers.remindFrom} and i.cancelled_on is null
    and i.due_on < ${d.announcedOn} and ${inOwnTime(invoiceBegins('i'))})`.mapWith(Number)

export const disconnectionColumns = {
  id: d.id,
  notBefore: d.notBefore,
  amount: d.amount,
  reason: d.reason,
  doneAt: sql<Date | null>`${whenInOwnTime(d.doneAt)}`.mapWith(d.doneAt),
  reconnectedAt: sql<Date | null>`${whenInOwnTime(d.reconnectedAt)}`.mapWith(d.reconnectedAt),
  cancelledOn: d.cancelledOn,
  payments: paymentsSince(d, inOwnTime(paymentBegins('p'))),
  debt: announcedDebt,
}

type DisconnectionRow = Omit<NonNullable<NoticeItem['disconnection']>, 'toPay' | 'isPaid'> & {
  amount: number | null
  id: number
  payments: DisconnectionJson['payments']
  debt: number
}

/** What is left to pay of it, as the page says it that the notice leads to. */
export function disconnectionOf({ amount, payments, debt, ...disconnection }: DisconnectionRow) {
  const { reason } = disconnection
  const paid = payments.map(payment => ({ ...payment, at: new Date(payment.at) }))
  const left = leftToPay({ reason, amount, payments: paid }, debt)
  return { ...disconnection, toPay: amount === null ? null : left, isPaid: left === 0 }
}
