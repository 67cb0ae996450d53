// Everybody else's rows: for tests of what a statement reads where others have more.
import { connect } from './postgres.ts'

const account = `md5('account ' || n)::uuid`
const attempt = `md5('attempt ' || n)::uuid`
/** All but the last biller's are alike: n's contract is one of OSHEE's or KESCO's. */
const biller = '(n % 2 + 1)'
/** Ids of contracts and invoices lie beyond those that tests and demonstrations make. */
const contract = '(1000000000 + n)'
const invoice = '(1000000000 + n * 4 + k)'
const payment = '(1000000000 + n * 2 + k)'
/** As in life: who came later has later rows. */
const ago = (interval: string) => `now() - interval '1 second' * (100000 - n) - interval '${interval}'`

/**
 * What person number `n` has, one row or some (`k`): nothing of it is due for anything that runs by the calendar, and
 * what waits for somebody (open payments, exceptions, registrations of today) is as much for every thousand people.
 */
const ROWS: [table: string, columns: string, values: string, each?: number, where?: string][] = [
  [
    'accounts',
    'id, personal_number, username, email, phone, first_name, last_name, name_folded, password_hash, terms_version, terms_accepted_at',
    `${account}, 'B' || n, 'other' || n, 'other' || n || '@example.com', '+35560' || (1000000 + n), 'Besa', 'Marku', 'besa marku', 'x', '2026-11-01', now()`,
  ],
  [
    'contracts',
    'id, biller_id, code, holder_first_name, holder_last_name, holder_name_folded, holder_personal_number, business_number, category, phone, meter_number',
    `${contract}, ${biller}, 'OTHER-' || n, 'Besa', 'Marku', 'besa marku', 'B' || n, 'K' || (10000000 + n) || 'L', 'household', '+355600000000', 'M' || n`,
  ],
  ['contract_access', 'account_id, contract_id', `${account}, ${contract}`],
  [
    'invoices',
    'id, biller_id, contract_id, number, period, issued_on, due_on, units, principal, tv_tax, total, principal_paid, tv_tax_paid',
    `${invoice}, ${biller}, ${contract}, 'O-' || n || '-' || k, date_trunc('month', now()) - k * interval '1 month', current_date, current_date + 30, 100, 1000, 100, 1100, case when k > 2 then 1000 else 0 end, case when k > 2 then 100 else 0 end`,
    4,
  ],
  [
    'invoice_lines',
    'invoice_id, position, code, quantity, unit_price, amount, vat_percent',
    `${invoice}, 1, 'ENERGY', 100, 9.5, 950, 20`,
    4,
  ],
  [
    'readings',
    'biller_id, meter_number, register, read_at, contract_id, value',
    `${biller}, 'M' || n, 'A1', date_trunc('month', now()) - k * interval '1 month', ${contract}, 100`,
    2,
  ],
  [
    'payment_attempts',
    'id, number, account_id, biller_id, gateway, amount, currency, state, live, started_on, idempotency_key, created_at, state_changed_at',
    `${attempt}, 'OTHER-' || n, ${account}, ${biller}, 'sandbox', 1100, 'ALL', case when n % 5 = 0 then 'declined' else 'captured' end, false, current_date, ${attempt}, ${ago('10 days')}, ${ago('10 days')}`,
  ],
  [
    'payment_attempt_invoices',
    'attempt_id, invoice_id, contract_id, live, interest, principal, tv_tax',
    `${attempt}, ${invoice}, ${contract}, false, 0, 1000, 100`,
  ],
  [
    'payments',
    'id, biller_id, contract_id, reference, paid_on, amount, method, source, invoice_number',
    `${payment}, ${biller}, ${contract}, 'O-' || n || '-' || k, current_date, 1100, 'CASH', 'kiosk', case k when 1 then 'O-' || n || '-1' end`,
    2,
  ],
  [
    'payment_allocations',
    'payment_id, invoice_id, contract_id, interest, principal, tv_tax',
    `${payment}, ${invoice}, ${contract}, 0, 1000, 100`,
    2,
  ],
  [
    'payment_events',
    'id, gateway, dedup_key, attempt_id, channel, authentic, outcome, payload, received_at, applied_at',
    `${invoice}, 'sandbox', 'other ' || n || ' ' || k, ${attempt}, 'callback', k = 1, 'captured', '{}', ${ago('10 days')}, now()`,
    2,
  ],
  [
    'payment_exceptions',
    'kind, gateway, order_number, transaction_id, attempt_id, event_id, opened_at, resolved_at',
    `'wrong_amount', 'sandbox', 'OTHER-' || n, 'T', ${attempt}, ${invoice}, ${ago('10 days')}, now()`,
  ],
  [
    'sandbox_bank_orders',
    'order_number, amount, currency, language, return_url, callback_url, status',
    `'OTHER-' || n, 1100, 'ALL', 'sq', '/', '/', 'captured'`,
  ],
  [
    'messages',
    'account_id, contract_id, channel, kind, language, state, created_at',
    `${account}, case k when 1 then ${contract} end, 'email', 'welcome', 'sq', 'delivered', ${ago('1 day')}`,
    2,
  ],
  [
    'audit_events',
    'at, account_id, action, subject, address',
    `${ago('1 day')}, ${account}, 'session.begun', case k when 1 then 'contract:' || ${contract} when 2 then 'attempt:' || ${attempt} end, '10.0.0.1'`,
    3,
  ],
  [
    'sessions',
    'account_id, created_at, last_used_at, expires_at, revoked_at',
    `${account}, ${ago('5 days')}, ${ago('1 day')}, now() + interval '25 days', case k when 1 then now() end`,
    2,
  ],
  ['known_devices', 'account_id, device_hash', `${account}, md5('device ' || n || k)`, 2],
  [
    'registrations',
    'contract_id, personal_number, username, email, phone, first_name, last_name, password_hash, language, terms_version, created_at',
    `${contract}, 'R' || n, 'register' || n, 'register' || n || '@example.com', '+35561' || (1000000 + n), 'A', 'B', 'x', 'sq', '2026-11-01', now() - interval '1 hour'`,
  ],
  [
    'one_time_codes',
    'purpose, subject, account_id, about, hash, created_at, expires_at',
    `case k when 1 then 'reset-link' when 2 then 'email-undo' else 'email-code' end, case k when 3 then ${account} end, ${account}, 'a', md5('code ' || n || k), now(), now() + interval '1 hour'`,
    3,
  ],
  ['own_data_exports', 'account_id, requested_at', `${account}, now()`],
  [
    'unpaid_lists',
    'account_id, format, language, requested_at, invoices, beat_at',
    `${account}, 'pdf', 'sq', now(), 1000, now()`,
  ],
  ['second_steps', 'account_id, sealed_secret, created_at', `${account}, 'x', now()`],
  ['recovery_codes', 'account_id, code_hash', `${account}, 'code ' || k`, 2],
  // Disputes and businesses, one of each to decide and one decided.
  [
    'cases',
    'id, kind, queue, biller_id, contract_id, account_id, email, language, title, about, unique_as, answers, state, events, decided_at, created_at',
    `md5('case ' || n || k)::uuid, case when k > 2 then 'business' else 'dispute' end, 'registrations', ${biller}, case when k < 3 then ${contract} end, case when k > 2 then ${account} end, case when k < 3 then 'other' || n || '@example.com' end, case when k < 3 then 'sq' end, 'A B', 'A', case when k > 2 then 'K' || (10000000 + n) || chr(64 + k) end, jsonb_build_object('personalNumber', 'B' || n, 'phone', '+35560' || (1000000 + n)), case k % 2 when 1 then 'pending' else 'accepted' end, 2 - k % 2, case k % 2 when 0 then ${ago('1 day')} end, ${ago('2 days')}`,
    4,
  ],
  [
    'case_events',
    'case_id, number, was, move, state, side, made_by, at',
    `md5('case ' || n || (k + 1) / 2)::uuid, case k % 2 when 1 then 1 else 2 end, case k % 2 when 0 then 'pending' end, case k % 2 when 1 then 'file' else 'accept' end, case k % 2 when 1 then 'pending' else 'accepted' end, case k % 2 when 1 then 'owner' else 'staff' end, ${account}, ${ago('1 day')}`,
    8,
    'k % 2 = 1 or k / 2 % 2 = 0',
  ],
  [
    'account_businesses',
    'account_id, biller_id, number, confirmed_at',
    `${account}, ${biller}, 'K' || (10000000 + n) || 'D', now()`,
  ],
  [
    'staff_looks',
    'staff_id, biller_id, contract_id, account_id, reason, at, unmasked_at',
    `${account}, ${biller}, case k when 1 then ${contract} end, case k when 2 then ${account} end, 'phone', now(), now()`,
    2,
  ],
  [
    'call_notes',
    'contract_id, staff_id, channel, note, at',
    `${contract}, ${account}, 'phone', 'x', ${ago('1 day')}`,
  ],
  [
    'documents',
    'storage_key, name, type, bytes, account_id, case_id, scan, decided_at, created_at',
    `'other ' || n || k, 'a.pdf', 'application/pdf', 1, ${account}, md5('case ' || n || k * 2)::uuid, 'clean', ${ago('1 day')}, ${ago('2 days')}`,
    2,
  ],
  [
    'rate_limits',
    'key, points, expire',
    `'other ' || n || k, 1, extract(epoch from now())::bigint * 1000 + 3600000`,
    2,
  ],
  [
    'feed_runs',
    'biller_id, started_at, finished_at, status, report',
    `${biller}, ${ago('1 day')}, now(), 'loaded', '{}'`,
    1,
    'n % 10 = 0',
  ],
]

/** Adds what the people with the numbers `from` to `to` have, and has PostgreSQL count it. */
export async function addOtherPeople(url: string, from: number, to: number): Promise<void> {
  const client = await connect(url)
  try {
    // The rows are right by construction, and neither triggers nor foreign keys are what is tested.
    await client.query('set session_replication_role = replica')
    for (const [table, columns, values, each = 1, where = 'true'] of ROWS) {
      await client.query(`insert into ${table} (${columns}) ${identity(columns)} select ${values}
        from generate_series(${from}, ${to}) n, generate_series(1, ${each}) k where ${where}`)
    }
    await client.query(`select graphile_worker.add_job('other-people', run_at := now() + interval '1 day')
      from generate_series(${from}, ${to})`)
    await client.query('vacuum analyze')
  } finally {
    await client.end()
  }
}

const identity = (columns: string) => (/^id,/.test(columns) ? 'overriding system value' : '')
