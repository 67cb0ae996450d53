// One attempt's course, as staff see it: what was done, what the bank said, what is to come.
import { sql } from 'drizzle-orm'
import { isSilentNow } from '../payments/questions.ts'
import { database } from '../platform/database.ts'
import type { AttemptCourse } from './schema.ts'
import { attemptFacts, isOthers, ofBillers, type Reader, staffName, troubles } from './scope.ts'

/** Banks' fields that could name a card, whoever sent them. */
const OF_CARD = /card|pan$|cvv|cvc|expir/i

/** Of an exception, its row and that row's file: who may agree that all of the payment is taken back. */
const takingBack = (
  reader: Reader,
) => sql`case when x.kind = 'charged_back' and x.resolved_at is null and l.loaded_by is not null
    and r.currency = a.currency and r.amount >= (select sum(p.amount) from payments p
      where p.attempt_id = a.id and p.transaction_id = r.transaction_id having bool_or(p.reversed_on is null))
  then case when l.loaded_by = ${reader.id}::uuid then 'other' else 'reader' end end`

/** Null for an attempt that is not of the reader's billers, or their own. Three statements. */
export async function getCourse(reader: Reader, attemptId: string, now: Date): Promise<AttemptCourse | null> {
  const db = database()
  const attempt = await db.execute<Omit<AttemptCourse, 'moves' | 'answers'>>(sql`
    select ${attemptFacts}, b.name as "billerName", a.state, a.amount, a.created_at as "createdAt", a.gateway, g.code as account,
      a.sent_to_bank_at as "sentToBankAt",
      case when a.state in ('created', 'pending', 'authorised', 'in_doubt') and a.asked_at is not null
          and a.untried_at is distinct from a.asked_at and not exists (select from payment_events e
            where e.attempt_id = a.id and e.channel = 'query' and e.received_at >= a.asked_at)
        then json_build_object('askedAt', a.asked_at, 'silentSince', s.since, 'refused', coalesce(s.refused, false)) end as unanswered, a.order_expires_at as "orderExpiresAt", a.decline_code as "declineCode",
      a.placed, a.bank_order_id as "bankOrderId", ${troubles(now)},
      (select coalesce(json_agg(json_build_object('number', i.number, 'period', i.period) order by i.period, i.number), '[]')
        from payment_attempt_invoices l join invoices i on i.id = l.invoice_id where l.attempt_id = a.id) as invoices,
      (select coalesce(jsonb_agg(distinct jsonb_build_object('number', coalesce(o.receipt_number, o.reference), 'attemptId', o.attempt_id,
          'method', o.method)), '[]')
        from payment_attempt_invoices l join payment_allocations s on s.invoice_id = l.invoice_id join payments o on o.id = s.payment_id
        where l.attempt_id = a.id and o.attempt_id is distinct from a.id) as "paidBy",
      (select j.run_at from graphile_worker.jobs j where j.key = 'check-payment:' || a.id) as "nextCheckAt",
      (select coalesce(json_agg(json_build_object('id', p.id, 'reference', p.reference, 'contractCode', c.code,
          'transactionId', p.transaction_id, 'amount', p.amount, 'allocated', p.allocated, 'refunded', p.refunded,
          'paidOn', p.paid_on, 'transactionAt', p.transaction_at, 'reversedOn', p.reversed_on) order by p.id), '[]')
        from payments p join contracts c on c.id = p.contract_id where p.attempt_id = a.id) as payments,
      (select coalesce(json_agg(json_build_object('id', f.id, 'number', f.number, 'paymentId', f.payment_id, 'way', f.way,
          'amount', f.amount, 'state', f.state, 'reason', f.reason, 'requestedBy', ${staffName('one')}, 'requestedAt', f.requested_at,
          'decidedBy', ${staffName('other')}, 'decidedAt', f.decided_at, 'stateChangedAt', f.state_changed_at,
          'nextCheckAt', (select j.run_at from graphile_worker.jobs j where j.key = 'check-refund:' || f.id),
          'toldAgainAt', (select j.run_at from graphile_worker.jobs j
            where j.key = 'submit-refund:' || f.id and f.asked_at is null and j.run_at > f.state_changed_at),
          'failureCode', f.failure_code, 'isOwn', f.requested_by = ${reader.id}::uuid) order by f.requested_at, f.id), '[]')
        from payments p join refunds f on f.payment_id = p.id join accounts one on one.id = f.requested_by
          left join accounts other on other.id = f.decided_by where p.attempt_id = a.id) as refunds,
      (select coalesce(json_agg(json_build_object('id', x.id, 'kind', x.kind, 'transactionId', x.transaction_id,
          'told', case when r.id is not null then json_build_object('amount', r.amount, 'currency', r.currency, 'at', r.at) end,
          'openedAt', x.opened_at, 'resolvedAt', x.resolved_at, 'resolvedBy', ${staffName('s')}, 'note', x.note,
          'takingBack', ${takingBack(reader)}) order by x.id), '[]')
        from payment_exceptions x left join accounts s on s.id = x.resolved_by
          left join settlement_rows r on r.id = x.settlement_row_id left join settlement_files l on l.id = r.file_id
        where x.attempt_id = a.id) as exceptions
    from payment_attempts a join billers b on b.id = a.biller_id left join gateway_accounts g on g.id = a.gateway_account_id
      left join bank_silences s on s.gateway_account_id = g.id and ${isSilentNow(now)}
    where a.id = ${attemptId} and ${ofBillers(reader, 'a')} and ${isOthers(reader)}`)
  const [row] = attempt.rows
  if (!row) return null
  // Of customers it is not said who they are: that they did it shows in what was done.
  const moves = await db.execute<AttemptCourse['moves'][number]>(sql`
    select e.at, e.action, ${staffName('s')} as by, e.details from audit_events e
      left join staff_members m on m.account_id = e.account_id left join accounts s on s.id = m.account_id
    where e.subject = ${`attempt:${attemptId}`} and e.action <> 'payment.viewed' order by e.id limit 500`)
  const answers = await db.execute<AttemptCourse['answers'][number]>(sql`
    select e.received_at as at, e.applied_at as "appliedAt", e.channel, e.outcome, e.payload as fields,
      case when e.authentic then 'genuine' when e.is_hint then 'hint' else 'forged' end as trust
    from payment_events e where e.attempt_id = ${attemptId} order by e.id limit 500`)
  const time = (at: unknown) => (at === null ? null : new Date(at as string))
  return {
    ...row,
    createdAt: time(row.createdAt)!,
    sentToBankAt: time(row.sentToBankAt),
    orderExpiresAt: time(row.orderExpiresAt),
    moves: moves.rows,
    answers: answers.rows.map(answer => ({
      ...answer,
      fields: Object.fromEntries(Object.entries(answer.fields).filter(([name]) => !OF_CARD.test(name))),
    })),
  }
}
