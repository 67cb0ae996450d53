// Two nodes behind nginx, on a database behind a PgBouncer: the short part of the drill (npm run drill).
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../db/embedded.ts'
import { Customer } from '../support/customer.ts'
import { startLoad } from '../support/load.ts'
import { startNginx } from '../support/nginx.ts'
import { startPgBouncer } from '../support/pgbouncer.ts'
import { expect, PASSWORD, test } from '../support/portal.ts'
import { cloneDemonstration, type Portal, rows, startPortal } from '../support/portal-process.ts'

test('a customer pays while both nodes are restarted, and nobody meets an error @once', async () => {
  test.setTimeout(120_000)
  const undo: (() => unknown)[] = []
  try {
    await payBesideRestarts(undo)
  } finally {
    for (const action of undo.reverse()) await action()
  }
})

/** What it starts is ended by `undo`, the last first. */
async function payBesideRestarts(undo: (() => unknown)[]): Promise<void> {
  const database = await cloneDemonstration()
  undo.push(database.drop)
  const bouncer = await startPgBouncer(database.url, 10)
  undo.push(bouncer.stop)
  const ports = [await freePort(), await freePort()]
  const nginx = await startNginx(ports)
  undo.push(nginx.stop)
  // Of the demonstration that was cloned.
  await rows(database.url, 'delete from document_store')
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-nodes-'))
  undo.push(() => fs.rmSync(dataDir, { recursive: true, force: true }))
  const nodes: Portal[] = []
  undo.push(() => Promise.all(nodes.map(node => node.stop())))
  const startNode = async (index: number) => {
    nodes[index] = await startPortal(bouncer.url, {
      port: ports[index],
      DATABASE_DIRECT_URL: database.url,
      DATA_DIR: dataDir,
      APP_URL: nginx.url,
      TRUSTED_PROXIES: '127.0.0.1',
      // Longer than nginx leaves a node alone that failed (deploy/nginx.conf), as a deployment's must be.
      DRAIN_SECONDS: 4,
    })
  }
  await Promise.all([startNode(0), startNode(1)])

  const customer = new Customer(nginx.url)
  await customer.signIn('mirela', PASSWORD)
  const form = await customer.get('/contracts/oshee/TR0.A0000000000004/pay')
  const load = startLoad([`${nginx.url}/help`, `${nginx.url}/contracts`], {
    connections: 4,
    cookie: customer.cookie,
    pauseMs: 100,
  })
  for (const index of [0, 1]) {
    await nodes[index]!.stop()
    await startNode(index)
  }
  await sleep(500)
  const answers = await load.stop()
  expect(answers.filter(({ status }) => status !== 200)).toEqual([])

  // The form is older than both.
  const bank = await customer.submit(form, 'invoices', { intent: 'pay' })
  const paid = await customer.submit(bank, 'cardNumber', { cardNumber: '4000000000000002', intent: 'pay' })
  expect((await customer.get(`${paid.path}/receipt`)).html).toContain('Mirela Shehu')
}
