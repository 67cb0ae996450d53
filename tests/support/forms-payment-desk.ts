// The forms with which staff work on payments: to find one, have its bank asked, ask for a refund, decide it, settle what was held, take
// back what a bank took back, and load a bank's file.
import * as desk from '../../lib/payment-desk/forms.ts'
import * as refunds from '../../lib/refunds/forms.ts'
import * as settlements from '../../lib/settlements/forms.ts'
import { contract, counts, next, person, type Row } from './form-people.ts'
import { staffMember } from './forms-two-factor.ts'
import { type Portal, rows } from './portal-process.ts'

/** A payment of KESCO's with 20.00 over, of which 5.00 are asked for by the operator, and which is held. */
async function overpaid(portal: Portal) {
  const one = await person(portal)
  const code = await contract(portal, one)
  const number = `D26${next().padStart(8, '0')}`
  const [made] = await rows<{ attempt: string; payment: string; refund: string; exception: string }>(
    portal.databaseUrl,
    `with contract as (select id, biller_id from contracts where code = $2),
     attempt as (
       insert into payment_attempts (number, account_id, biller_id, gateway, gateway_account_id, amount, currency, state, live,
         started_on, idempotency_key)
       select $1, $3, biller_id, 'sandbox', (select id from gateway_accounts where code = 'kesco-sandbox'), 2000, 'EUR', 'captured',
         false, current_date, gen_random_uuid() from contract returning id, biller_id),
     invoice as (
       insert into invoices (biller_id, contract_id, number, period, issued_on, due_on, units, principal, tv_tax, total, cancelled_on)
       select biller_id, id, $1, '2020-01-01', '2020-02-03', '2020-02-29', 100, 2000, 0, 2000, '2020-03-01' from contract returning id),
     line as (
       insert into payment_attempt_invoices (attempt_id, invoice_id, contract_id, live, interest, principal, tv_tax)
       select attempt.id, invoice.id, contract.id, false, 0, 2000, 0 from attempt, invoice, contract),
     payment as (
       insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source, attempt_id, transaction_id)
       select biller_id, (select id from contract), $1, current_date, 2000, 'CARD', 'Drita', id, $1 from attempt returning id),
     refund as (
       insert into refunds (number, payment_id, way, amount, currency, idempotency_key, reason, requested_by, requested_at, state_changed_at)
       select 'R' || substr($1, 2), payment.id, 'credit', 500, 'EUR', gen_random_uuid(), 'Paid by mistake.',
         (select id from accounts where username = 'operator'), now(), now() from payment returning id),
     exception as (
       insert into payment_exceptions (kind, gateway, order_number, transaction_id, attempt_id, payment_id, opened_at)
       select 'paid_twice', 'sandbox', $1, $1, attempt.id, payment.id, now() from attempt, payment returning id)
     select attempt.id as attempt, payment.id as payment, refund.id as refund, exception.id as exception
     from attempt, payment, refund, exception`,
    [number, code, one.id],
  )
  return { ...made!, number, path: `/staff/payments/${made!.attempt}` }
}

export const FORMS_OF_PAYMENT_DESK: Row[] = [
  {
    form: desk.searchPaymentsForm as never,
    field: 'search',
    wrong: { search: 'Mirela Shehu' },
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'operator')
      const number = `D26${next().padStart(8, '0')}`
      // The page that follows is read again by a form that is sent again.
      const done = counts(
        portal,
        `(select distinct details from audit_events where action = 'payments.viewed') e where details ->> 'search' = $1`,
        number,
      )
      return { customer, path: '/staff/payments', right: { search: number }, done }
    },
  },
  {
    form: desk.askBankForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'operator')
      const { attempt } = await overpaid(portal)
      // Its page has forms for a refund and for what is held as well.
      await rows(portal.databaseUrl, `delete from payment_exceptions where attempt_id = $1`, [attempt])
      await rows(
        portal.databaseUrl,
        `with gone as (delete from refunds where payment_id in (select id from payments where attempt_id = $1))
         update payments set reversed_on = current_date where attempt_id = $1`,
        [attempt],
      )
      const done = counts(
        portal,
        `audit_events where action = 'payment.bank-asked' and subject = 'attempt:' || $1`,
        attempt,
      )
      return { customer, path: `/staff/payments/${attempt}`, right: {}, done }
    },
  },
  {
    form: refunds.askRefundForm as never,
    field: 'amount',
    wrong: { payment: '', amount: '0', way: '', reason: 'short' },
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'operator')
      const { payment, path } = await overpaid(portal)
      const right = { payment: String(payment), amount: '10,00', way: 'credit', reason: 'Paid by mistake.' }
      const done = counts(portal, 'refunds where amount = 1000 and payment_id = $1', String(payment))
      return { customer, path, right, done }
    },
  },
  {
    form: refunds.decideRefundForm as never,
    field: 'intent',
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'supervisor')
      const { refund, path } = await overpaid(portal)
      const done = counts(portal, `refunds where state = 'succeeded' and id = $1`, refund)
      return { customer, path, right: { intent: 'agree' }, done }
    },
  },
  {
    form: desk.settleForm as never,
    field: 'note',
    wrong: { note: 'n'.repeat(1100) },
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'supervisor')
      const { exception, path } = await overpaid(portal)
      const done = counts(
        portal,
        'payment_exceptions where resolved_at is not null and id = $1',
        String(exception),
      )
      return { customer, path, right: { note: 'Agreed with the customer.' }, done }
    },
  },
  {
    form: desk.takeBackForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'supervisor')
      const { attempt, number, path } = await overpaid(portal)
      // So that its form is the first of the page.
      await rows(portal.databaseUrl, `delete from payment_exceptions where attempt_id = $1`, [attempt])
      // Another member of staff brought the bank's file.
      await rows(
        portal.databaseUrl,
        `with account as (select id from gateway_accounts where code = 'kesco-sandbox'),
         file as (
           insert into settlement_files (gateway_account_id, digest, name, rows, loaded_by, loaded_at)
           select id, $1, $1, 1, (select id from accounts where username = 'operator'), now() from account returning id),
         line as (
           insert into settlement_rows (file_id, line, gateway_account_id, kind, order_number, transaction_id, amount, currency, at)
           select file.id, 2, account.id, 'chargeback', $1, $1, 2000, 'EUR', now() from file, account returning id)
         insert into payment_exceptions (kind, gateway, order_number, transaction_id, attempt_id, settlement_row_id, opened_at)
         select 'charged_back', 'sandbox', $1, $1, $2, line.id, now() from line`,
        [number, attempt],
      )
      const done = counts(
        portal,
        `audit_events where action = 'payment.charged-back' and subject = 'attempt:' || $1`,
        attempt,
      )
      return { customer, path, right: {}, done }
    },
  },
  {
    form: settlements.settlementForm as never,
    field: 'account',
    wrong: { account: '' },
    ready: async (portal, url) => {
      const customer = await staffMember(portal, url, 'supervisor')
      const name = `bank-${next()}.csv`
      const [account] = await rows<{ id: number }>(
        portal.databaseUrl,
        `select id from gateway_accounts where code = 'kesco-sandbox'`,
      )
      const csv = `kind,order_number,transaction_id,amount,currency,at\nsale,D2699,${name},1.00,EUR,2026-11-20T10:00:00Z\n`
      const right = { account: String(account!.id), file: [new File([csv], name, { type: 'text/csv' })] }
      const done = counts(portal, 'settlement_files where name = $1', name)
      return { customer, path: '/staff/payments/settlements', right, done }
    },
  },
]
