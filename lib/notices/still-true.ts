// What of a notice is still true when it is to be sent. Pure.
import type { Notice, NoticeItem } from './schema.ts'

const isUnpaid = ({ invoice }: NoticeItem): boolean => invoice !== null && invoice.due > 0

const IS_TRUE: Record<string, (item: NoticeItem, now: Date) => boolean> = {
  // What has nothing to pay, a credit, or what was paid before it came, is news; what was paid meanwhile is none.
  'new-invoice': ({ invoice }) =>
    invoice !== null &&
    invoice.cancelledOn === null &&
    (invoice.due > 0 || invoice.total === 0 || invoice.isPaidInAdvance),
  'invoice-corrected': ({ invoice }) => invoice !== null && invoice.cancelledOn === null,
  'invoice-cancelled': ({ invoice }) => invoice !== null && invoice.cancelledOn !== null,
  'due-soon': item => isUnpaid(item) && item.invoice!.dueOn >= item.today,
  overdue: item => isUnpaid(item) && item.invoice!.isOverdue,
  statement: isUnpaid,
  'payment-elsewhere': ({ payment }) => payment !== null && payment.reversedOn === null,
  'disconnection-announced': ({ disconnection: one }) =>
    one !== null && !one.isPaid && !one.doneAt && !one.reconnectedAt && one.cancelledOn === null,
  'disconnection-withdrawn': ({ disconnection: one }) =>
    one !== null && one.cancelledOn !== null && !one.doneAt && !one.reconnectedAt,
  disconnected: ({ disconnection: one }) =>
    one?.doneAt != null && !one.reconnectedAt && one.cancelledOn === null,
  reconnected: ({ disconnection: one }) => one?.reconnectedAt != null,
  'outage-planned': ({ outage }, now) =>
    outage !== null && outage.cancelledOn === null && (outage.endsAt ?? outage.startsAt) > now,
  'outage-cancelled': ({ outage }, now) =>
    outage !== null && outage.cancelledOn !== null && (outage.endsAt ?? outage.startsAt) > now,
  'threshold-near': ({ threshold }) => threshold?.now != null && !threshold.now.isAbove,
}

/** The notice with those items alone that are true now. */
export function stillTrue(notice: Notice, now: Date): Notice {
  const items = notice.items.filter(item => IS_TRUE[notice.kind]?.(item, now) ?? true)
  return { ...notice, items, count: items.length }
}
