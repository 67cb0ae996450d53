// Addresses with everything in them that belongs to mirela.
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { addCase } from './cases.ts'
import { pdf } from './files.ts'
import { type Portal, rows } from './portal-process.ts'

export type Ids = {
  biller: string
  code: string
  invoice: string
  payment: string
  business: string
  document: string
  account: string
  /** The number of a request that its regulator may hear of. */
  request: string
  /** An application of hers, for which a certificate was issued. */
  certificate: string
  notice: string
  /** Of all unpaid invoices, ready to be fetched. */
  list: string
}

/** How the parameters of a private route are filled, by the start of its path. */
const PARAMETERS: Record<string, (ids: Ids) => Record<string, string>> = {
  '/contracts/[biller]/[code]': ({ biller, code, request }) => ({
    biller,
    code,
    number: request,
    year: '2020.pdf',
  }),
  '/invoices/[id]': ({ invoice }) => ({ id: invoice }),
  '/invoices/unpaid/list/[id]': ({ list }) => ({ id: list }),
  '/payments/[id]': ({ payment }) => ({ id: payment }),
  '/documents/[id]': ({ document }) => ({ id: document }),
  '/certificates/[id]': ({ certificate }) => ({ id: certificate }),
  '/inbox/[id]': ({ notice }) => ({ id: notice }),
  '/staff/contracts/[biller]/[code]': ({ biller, code }) => ({ biller, code }),
  // The demonstration's first feed, of which no refused rows are kept.
  '/staff/feeds/[run]': () => ({ run: '1', file: 'invoices.csv' }),
  '/staff/customers/[id]': ({ account }) => ({ id: account }),
  '/staff/payments/[id]': ({ payment }) => ({ id: payment }),
  // None: its answer is that there is no such thing, to staff too.
  '/staff/payments/differences/[id]': () => ({ id: '999999' }),
  '/staff/payments/settlements/[file]': () => ({ file: '999999' }),
  '/staff/[queue]': ({ business }) => ({ queue: 'registrations', id: business }),
  // One that nobody has: it answers to POST alone, and is used up by it (own-data.spec.ts).
  '/account/data/export/[id]': () => ({ id: '00000000-0000-4000-8000-000000000000' }),
}

/** The address with its parameters filled in; undefined where no entry says how. */
export function address(path: string, ids: Ids): string | undefined {
  const entry = Object.keys(PARAMETERS).find(start => path === start || path.startsWith(`${start}/`))
  if (!entry) return path.includes('[') ? undefined : path
  const values = PARAMETERS[entry]!(ids)
  return path.replace(/\[(\w+)\]/g, (whole, name: string) => values[name] ?? whole)
}

/**
 * What belongs to mirela: her contract, and an old invoice, a payment of it and a business, made here where she has none. What she
 * owes stays as it is, for the tests after.
 */
export async function idsOfMirela({ databaseUrl: url, dataDir }: Portal): Promise<Ids> {
  await rows(
    url,
    `with mine as (
       select a.id as account_id, c.biller_id, c.id as contract_id from accounts a
       join contract_access x on x.account_id = a.id join contracts c on c.id = x.contract_id
       where a.username = 'mirela' order by x.added_at, c.id limit 1),
     attempt as (
       insert into payment_attempts
         (number, account_id, biller_id, gateway, amount, currency, state, live, started_on, idempotency_key)
       select 'T-ROUTES', account_id, biller_id, 'sandbox', 1000, 'ALL', 'captured', false, current_date, gen_random_uuid()
       from mine on conflict do nothing returning id),
     invoice as (
       insert into invoices (biller_id, contract_id, number, period, issued_on, due_on, units, principal, tv_tax, total)
       select biller_id, contract_id, 'T-ROUTES', '2020-01-01', '2020-02-03', '2020-02-29', 100, 1000, 0, 1000
       from mine, attempt returning id),
     chosen as (
       insert into payment_attempt_invoices (attempt_id, invoice_id, contract_id, live, interest, principal, tv_tax)
       select attempt.id, invoice.id, contract_id, false, 0, 1000, 0 from mine, invoice, attempt),
     payment as (
       insert into payments
         (biller_id, contract_id, reference, paid_on, amount, method, source, attempt_id, transaction_id)
       select biller_id, contract_id, 'T-ROUTES', current_date, 1000, 'CARD', 'Drita', attempt.id, 'T-ROUTES'
       from mine, attempt returning id)
     insert into payment_allocations (payment_id, invoice_id, contract_id, interest, principal, tv_tax)
     select payment.id, invoice.id, contract_id, 0, 1000, 0 from mine, invoice, payment`,
  )
  const business = await businessOfMirela(url)
  const key = `aa/${'a'.repeat(32)}`
  const [document] = await rows<{ id: string }>(
    url,
    `insert into documents (storage_key, name, type, bytes, account_id, case_id, created_at)
     select $1, 'a.pdf', 'application/pdf', 1, account_id, id, now() from cases where id = $2
     on conflict (storage_key) do update set name = excluded.name returning id`,
    [key, business],
  )
  fs.mkdirSync(path.join(dataDir, 'documents/aa'), { recursive: true })
  fs.writeFileSync(path.join(dataDir, 'documents', key), pdf)
  const [ids] = await rows<Omit<Ids, 'business' | 'document' | 'certificate' | 'notice' | 'list'>>(
    url,
    `select b.code as biller, c.code, p.account_id as account, pi.invoice_id::text as invoice, p.id::text as payment,
       (select number from cases where account_id = p.account_id and contract_id = c.id and kind = 'F5' limit 1) as request
     from payment_attempts p join payment_attempt_invoices pi on pi.attempt_id = p.id
     join contracts c on c.id = pi.contract_id join billers b on b.id = c.biller_id where p.number = 'T-ROUTES'`,
  )
  const certificate = await certificateOfMirela(url, ids!)
  const notice = await noticeOfMirela(url, ids!.account)
  const list = await listOfMirela(url, ids!.account)
  return { ...ids!, business, document: document!.id, certificate, notice, list }
}

async function noticeOfMirela(url: string, account: string): Promise<string> {
  const [notice] = await rows<{ id: string }>(
    url,
    `insert into notices (account_id, kind, key, handed_over_at) values ($1, 'password-changed', 'T-ROUTES', now())
     on conflict (account_id, key) do update set kind = excluded.kind returning id`,
    [account],
  )
  return notice!.id
}

/** One that a job of the portal's own has made, as only that can seal it; one that is being made, where the portal does no jobs. */
async function listOfMirela(url: string, account: string): Promise<string> {
  const [known] = await rows<{ id: string }>(
    url,
    'select id from unpaid_lists where account_id = $1 and ready_at is not null',
    [account],
  )
  if (known) return known.id
  const [list] = await rows<{ id: string }>(
    url,
    `with list as (
       insert into unpaid_lists (account_id, format, language, requested_at, invoices, beat_at)
       values ($1, 'csv', 'sq', now(), 1, now()) returning id)
     select id, graphile_worker.add_job('make-unpaid-list', json_build_object('listId', id)) from list`,
    [account],
  )
  const isReady = async () =>
    (await rows(url, 'select from unpaid_lists where id = $1 and ready_at is not null', [list!.id])).length >
    0
  for (let tries = 0; tries < 100 && !(await isReady()); tries++) await sleep(50)
  return list!.id
}

async function businessOfMirela(url: string): Promise<string> {
  const [mirela] = await rows<{ id: string; business: string | null }>(
    url,
    `select id, (select c.id from cases c where c.account_id = accounts.id and unique_as = 'J91402501L') as business
     from accounts where username = 'mirela'`,
  )
  const number = 'J91402501L'
  return (
    mirela!.business ??
    addCase((text, values) => rows(url, text, values), {
      kind: 'business',
      biller_id: 1,
      account_id: mirela!.id,
      title: 'T',
      about: number,
      unique_as: number,
      answers: { nipt: number, businessName: 'T', legalRepresentative: 'T' },
    })
  )
}

/** The newest of her contract, which the demonstration has issued. */
async function certificateOfMirela(url: string, { account, code }: { account: string; code: string }) {
  const [issued] = await rows<{ id: string }>(
    url,
    `select c.id from cases c join certificates i on i.case_id = c.id
     where c.account_id = $1 and c.about = $2 and c.kind = 'household' order by i.serial desc limit 1`,
    [account, code],
  )
  return issued!.id
}
