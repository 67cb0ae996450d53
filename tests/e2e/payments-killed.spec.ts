// Two nodes, each with its worker, are killed again and again while people pay at two banks: what the banks took is booked, each once.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../db/embedded.ts'
import { addAccounts, type Banks } from '../support/banks-portal.ts'
import { payOnce } from '../support/killed-payers.ts'
import { startNginx } from '../support/nginx.ts'
import { expect, test } from '../support/portal.ts'
import { cloneDemonstration, type Portal, rows, startPortal } from '../support/portal-process.ts'
import { startBanks } from '../support/simulators/accounts.ts'

const SCHEDULES = 50
const PAYERS = 4

test('both nodes are killed again and again while people pay: nothing is lost, nothing doubled @once @deep', async () => {
  test.setTimeout(40 * 60_000)
  const undo: (() => unknown)[] = []
  try {
    const began = Date.now()
    const kills = await paySchedules(undo)
    console.log(`${SCHEDULES} schedules, ${kills} kills, ${((Date.now() - began) / 1000).toFixed(0)} s`)
  } finally {
    for (const action of undo.reverse()) await action()
  }
})

/** What it starts is ended by `undo`, the last first. Returns how often a node was killed. */
async function paySchedules(undo: (() => unknown)[]): Promise<number> {
  // Whoever is killed signs in anew, more often than a deployment would in a week.
  const banks = await startBanks(undefined, { loginsPerMinute: 10_000 })
  undo.push(banks.stop)
  const database = await cloneDemonstration()
  undo.push(database.drop)
  await addAccounts(database.url, banks)
  await rows(database.url, 'delete from document_store')
  const ports = [await freePort(), await freePort()]
  const nginx = await startNginx(ports)
  undo.push(nginx.stop)
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-killed-'))
  undo.push(() => fs.rmSync(dataDir, { recursive: true, force: true }))
  const nodes: Portal[] = []
  undo.push(() => Promise.all(nodes.map(node => node.stop())))
  const startNode = async (index: number) => {
    nodes[index] = await startPortal(database.url, {
      port: ports[index],
      DATA_DIR: dataDir,
      APP_URL: nginx.url,
      TRUSTED_PROXIES: '127.0.0.1',
      GATEWAY_SECRETS: JSON.stringify(banks.secrets),
    })
  }
  await Promise.all([startNode(0), startNode(1)])
  const portal = { ...nodes[0]!, url: nginx.url }
  const codes: string[] = []
  let kills = 0
  for (let schedule = 0; schedule < SCHEDULES; schedule += 1) {
    const killer = async () => {
      for (let left = 1 + Math.floor(Math.random() * 2); left > 0; left -= 1) {
        await sleep(Math.random() * 2_000)
        const index = Math.floor(Math.random() * 2)
        await nodes[index]!.kill()
        kills += 1
        await startNode(index)
      }
    }
    const [, ...paid] = await Promise.all([
      killer(),
      ...Array.from({ length: PAYERS }, () => payOnce(portal)),
    ])
    codes.push(...paid)
  }
  await settle(database.url, codes, banks)
  return kills
}

const OWN = `(select a.* from payment_attempts a where exists (select from payment_attempt_invoices l
  join contracts c on c.id = l.contract_id where l.attempt_id = a.id and c.code = any ($1)))`

/** Lets everything be asked that can be, and compares. */
async function settle(
  url: string,
  codes: string[],
  banks: Pick<Banks, 'nestpay' | 'raiaccept'>,
): Promise<void> {
  // As if hours had gone by: what nobody tried is given up, and every question is due.
  await rows(
    url,
    `update payment_attempts set created_at = created_at - interval '1 day', order_expires_at = order_expires_at - interval '1 day',
       asked_at = null where id in (select id from ${OWN} own) and state not in ('captured', 'voided')`,
    [codes],
  )
  await expect
    .poll(
      async () => {
        // Another look at the queue, whatever time a job waits for.
        await rows(
          url,
          `select graphile_worker.add_job('check-payment', json_build_object('attemptId', id), queue_name := null, run_at := now(),
             job_key := 'check-payment:' || id) from ${OWN} own where state in ('created', 'pending', 'authorised', 'in_doubt')`,
          [codes],
        )
        return rows(
          url,
          `select number, state from ${OWN} own where state in ('created', 'pending', 'authorised', 'in_doubt')`,
          [codes],
        )
      },
      { timeout: 180_000, intervals: [6_000] },
    )
    .toEqual([])
  const booked = await rows<{ taken: string }>(
    url,
    `select t.number || ' ' || p.transaction_id || ' ' || sum(p.amount) as taken from payments p join ${OWN} t on t.id = p.attempt_id
     group by t.number, p.transaction_id order by 1`,
    [codes],
  )
  expect(booked.map(({ taken }) => taken)).toEqual(captured(banks).sort())
  // An answer of a captured payment that was stored by a process killed a moment later: the sweep finds it.
  await expect
    .poll(
      async () => {
        await rows(url, `select graphile_worker.add_job('sweep-payments', job_key := 'sweep-payments-now')`)
        return rows(url, FAULTS, [codes])
      },
      { timeout: 120_000, intervals: [0, 6_000] },
    )
    .toEqual([])
}

const numberOf = (order: string) => order.replace(/_\d+$/, '')

/** By the banks' own books: order, transaction, minor units. */
const captured = ({ nestpay, raiaccept }: Pick<Banks, 'nestpay' | 'raiaccept'>): string[] => [
  ...[...nestpay.book.orders.keys()].flatMap(oid =>
    nestpay.book.sales(oid).map(({ transId, amount }) => `${numberOf(oid)} ${transId} ${amount}`),
  ),
  ...Object.values(raiaccept.book()).flatMap(({ reference, captured }) =>
    captured.map(({ id, amount }) => `${numberOf(reference)} ${id} ${amount}`),
  ),
]

const FAULTS = `
  with own as ${OWN}
  select 'paid beyond what was due: ' || i.number as what from invoices i join contracts c on c.id = i.contract_id
    where c.code = any ($1) and (i.unpaid < 0 or i.principal_paid > i.principal)
  union all select 'an answer that nobody applied: ' || e.id from payment_events e join own on own.id = e.attempt_id
    where e.authentic and e.applied_at is null
  union all select 'a capture that is over and nobody sees: ' || p.reference from payments p join own on own.id = p.attempt_id
    where p.allocated + p.refunded < p.amount and not exists (
      select from payment_exceptions x where x.attempt_id = p.attempt_id and x.resolved_at is null)
  union all select 'told ' || m.told || ' times of ' || t.receipts from
    (select count(*) as told from messages m join own on own.account_id = m.account_id where m.kind = 'payment-received') m,
    (select count(*) as receipts from (select distinct p.attempt_id, p.transaction_id from payments p join own on own.id = p.attempt_id) r) t
    where m.told <> t.receipts`
