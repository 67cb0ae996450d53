// A deployment after three years: what its customers were billed and paid, and what they did in the portal.
import pg from 'pg'
import { foldName } from '../../lib/platform/names.ts'
import { addressOf, codeOf, makeDatabase, NEXT_MONTH } from './data.ts'

const MONTHS = 36
const MONTHS_OF_LOG = 24
/** One contract of so many has somebody in the portal. */
const A_CUSTOMER = 5

export type Customer = { username: string; contracts: number; first: string }
/** Whose pages are measured; `first`: the code of one of their contracts. */
export const customersOf = (contracts: number): Customer[] =>
  [
    { username: 'three', contracts: 3, from: 1 },
    { username: 'eleven', contracts: 11, from: 4 },
  ].map(({ from, ...one }) => ({ ...one, first: codeOf(placeOf(contracts, from)) }))

/** The n-th of a few contracts that lie far from each other; none is the one in the middle, of which nothing was ever paid. */
const placeOf = (contracts: number, n: number) => Math.max(n, Math.floor((contracts * n) / 17))

/** Makes it beside the database of `serverUrl`, and returns its address; `tell` is told what is made. */
export async function makeLargeDatabase(
  serverUrl: string,
  contracts: number,
  tell: (what: string) => void,
): Promise<string> {
  tell(`${contracts} contracts, ${contracts * MONTHS} invoices`)
  const url = await makeDatabase(serverUrl, 'bench_scale', contracts, MONTHS)
  const client = new pg.Client({ connectionString: url })
  // One that breaks rejects the statement under way.
  client.on('error', () => {})
  await client.connect()
  // The rows are right by construction: looking every reference up would take most of the time.
  await client.query('set session_replication_role = replica')
  await client.query(MONTHS_OF_THE_LOG)
  for (const customer of customersOf(contracts)) await addCustomer(client, customer, contracts)
  for (const [what, statement] of statements(contracts)) {
    tell(what)
    await client.query(statement)
  }
  tell('vacuum')
  await client.query('vacuum analyze')
  await client.query('checkpoint')
  await client.end()
  return url
}

/** As in a deployment that is as old as its log. */
export const MONTHS_OF_THE_LOG = `
  do $$ declare one record; first date := date_trunc('month', now()) - interval '${MONTHS_OF_LOG} months'; begin
    for one in select part from audit_months.parts where ends is not null loop execute format('drop table %s', one.part); end loop;
    execute format('create table audit_months.audit_events_before partition of audit_events for values from (minvalue) to (%L)', first);
  end $$;
  select make_audit_months((now() + interval '3 months')::date)`

const PERSON = ['Arta', 'Berisha'] as const

async function addCustomer(client: pg.Client, { username, contracts }: Customer, all: number): Promise<void> {
  const from = username === 'three' ? 1 : 4
  const ids = Array.from({ length: contracts }, (_, n) => placeOf(all, from + n))
  const number = `J0511599${contracts % 10}K`
  const { rows } = await client.query(
    `insert into accounts (personal_number, username, email, email_verified_at, phone, first_name, last_name, name_folded, password_hash,
        terms_version, terms_accepted_at)
      values ($1, $2, $2 || '@example.com', now(), $3, $4, $5, $6, 'none', '2026-11-01', now()) returning id`,
    [number, username, `+35568300000${contracts % 10}`, ...PERSON, foldName(...PERSON)],
  )
  await client.query(
    `update contracts set holder_first_name = $2, holder_last_name = $3, holder_name_folded = $4, holder_personal_number = $5,
        address = $6 where id = any ($1)`,
    [ids, ...PERSON, foldName(...PERSON), number, addressOf(1)],
  )
  await client.query(
    `insert into contract_access (account_id, contract_id, level, recognised_at, recognised_by)
      select $1, unnest($2::bigint[]), 'masked', now(), 'paper'`,
    [rows[0].id, ids],
  )
  await client.query(
    `with attempt as (
        insert into payment_attempts (number, account_id, biller_id, gateway, amount, currency, state, live, started_on, idempotency_key)
        values ('D-' || $2, $1, 1, 'sandbox', 1000, 'ALL', 'captured', false, current_date, gen_random_uuid()) returning id)
      insert into payment_attempt_invoices (attempt_id, invoice_id, contract_id, live, interest, principal, tv_tax)
      select attempt.id, i.id, i.contract_id, false, 0, 1000, 0 from attempt, lateral (select id, contract_id from invoices
        where contract_id = $3 and unpaid = 0 order by period desc limit 1) i`,
    [rows[0].id, username, ids[0]],
  )
}

/** What the portal and the feeds write, in the order in which it is made. */
function statements(contracts: number): [what: string, statement: string][] {
  const customers = Math.floor(contracts / A_CUSTOMER)
  const months = (count: number) => `generate_series(1, ${count}) k`
  const at = (each: string) => `date_trunc('month', now()) - k * interval '1 month' + ${each}`
  return [
    [
      `${customers} customers`,
      `with added as (
        insert into accounts (personal_number, username, email, email_verified_at, phone, first_name, last_name, name_folded,
          password_hash, terms_version, terms_accepted_at)
        select 'S' || n, 's-' || n, 's' || n || '@example.com', now(), '+35569' || lpad(n::text, 7, '0'), 'Besa', 'Marku', 'besa marku',
          'none', '2026-11-01', now() from generate_series(1, ${customers}) n returning id, substr(username, 3)::bigint as n)
      insert into contract_access (account_id, contract_id, level) select id, n * ${A_CUSTOMER}, 'masked' from added`,
    ],
    [
      'lines of invoices',
      `insert into invoice_lines (invoice_id, position, code, quantity, unit_price, amount, vat_percent)
        select id, n, (array['ENERGY', 'FIXED'])[n], case n when 1 then units else 1 end, 9.5, case n when 1 then principal - 9500 else 9500 end, 20
        from invoices, generate_series(1, 2) n order by id, n on conflict do nothing`,
    ],
    [
      'payments',
      `insert into payments (id, biller_id, contract_id, reference, paid_on, amount, method, source, invoice_number, allocated, received_at)
        overriding system value
        select id, 1, contract_id, 'P-' || number, due_on - 3, total, 'CASH', 'BANKA', number, total, due_on - 2
        from invoices where unpaid = 0 order by id;
      select setval(pg_get_serial_sequence('payments', 'id'), (select max(id) from payments));
      insert into payment_allocations (payment_id, invoice_id, contract_id, interest, principal, tv_tax)
        select id, id, contract_id, 0, principal, tv_tax from invoices where unpaid = 0 order by id`,
    ],
    [
      'readings of every tenth meter',
      `insert into readings (biller_id, meter_number, register, read_at, contract_id, value)
        select 1, meter_number, 'A1', ${at("interval '1 hour'")}, id, 90000 - k * 500 from ${months(MONTHS)}, contracts where id % 10 = 0`,
    ],
    [
      'notices and e-mails',
      `insert into notices (account_id, kind, contract_id, key, created_at, handed_over_at, read_at)
        select account_id, 'new-invoice', contract_id, concat_ws(' ', 'scale', contract_id, k), ${at("interval '3 days'")}, now(), now()
        from ${months(MONTHS_OF_LOG)}, contract_access;
      insert into notice_items (account_id, event, notice_id, contract_id, invoice_id)
        select account_id, 'new-invoice:' || i.id, n.id, n.contract_id, i.id from notices n join invoices i on i.contract_id = n.contract_id
          and i.period = date '${NEXT_MONTH}' - split_part(key, ' ', 3)::int * interval '1 month';
      insert into messages (account_id, contract_id, channel, kind, language, state, created_at, sent_at, notice_id)
        select account_id, contract_id, 'email', 'new-invoice', 'sq', 'sent', created_at, created_at, id from notices
        where created_at > now() - interval '1 year'`,
    ],
    [
      'the audit log',
      `insert into audit_events (at, account_id, action, address)
        select ${at("random() * 27 * interval '1 day'")}, id, 'session.begun', '10.0.0.1'
        from ${months(MONTHS_OF_LOG)}, accounts, generate_series(1, 3)`,
    ],
    [
      'sessions, and cases of staff',
      `insert into sessions (account_id, expires_at) select id, now() + interval '20 days' from accounts;
      insert into cases (id, kind, queue, biller_id, contract_id, email, language, title, about, answers, state, events, decided_at, created_at)
        select gen_random_uuid(), 'dispute', 'registrations', 1, n, 'other' || n || '@example.com', 'sq', 'A B', 'A',
          jsonb_build_object('personalNumber', 'B' || n, 'phone', '+35560' || (1000000 + n)),
          case when n % 100 = 0 then 'pending' else 'accepted' end, case when n % 100 = 0 then 1 else 2 end, case when n % 100 <> 0 then now() - n * interval '1 minute' end,
          now() - n * interval '1 minute' - interval '1 day' from generate_series(1, ${Math.max(100, Math.floor(contracts / 50))}) n;
      insert into case_events (case_id, number, was, move, state, side, made_by, at)
        select k.id, n, case n when 2 then 'pending' end, case n when 1 then 'file' else 'accept' end, case n when 1 then 'pending' else 'accepted' end,
          case n when 1 then 'owner' else 'staff' end, a.id, case n when 1 then k.created_at else k.decided_at end
        from cases k, accounts a, generate_series(1, 2) n where a.username = 'eleven' and n <= k.events`,
    ],
  ]
}
