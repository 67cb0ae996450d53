// Feeds that are sent: taken as they come, loaded in their order by whatever node, once whatever they are packed in.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import { beforeEach, expect, test, vi } from 'vitest'
import { loadFeed } from '../../lib/feed/commands.ts'
import { forgetFeedFiles, loadUploads, reportSilentBillers } from '../../lib/feed/jobs.ts'
import {
  getRun,
  getRunOfToken,
  listFeedFaults,
  listRuns,
  listSilentBillers,
  mayExportRefusals,
} from '../../lib/feed/queries.ts'
import { admitToken, listTokens, makeToken, revokeToken } from '../../lib/feed/tokens.ts'
import { readPieces } from '../../lib/feed/upload-files.ts'
import { log } from '../../lib/platform/log.ts'
import { taskList } from '../../lib/worker/handlers.ts'
import { deleteRows, testDatabase } from '../support/database.ts'
import { entriesOf, MULTIPART, multipartOf, send, tokenOf, zipFeed } from '../support/feed-uploads.ts'
import { emptyTables, type FeedRows, feedFolder, sampleRows, stateDump } from '../support/feeds.ts'
import { runDueJobs } from '../support/jobs.ts'
import { makeStaff } from '../support/people.ts'
import { filesIn, uploadsFolder } from '../support/uploads-folder.ts'
import { zipOf } from '../support/zip.ts'

const folder = uploadsFolder()
const db = await testDatabase()
const now = new Date('2026-11-27T10:00:00Z')
beforeEach(async () => {
  await deleteRows(db, 'feed_run_files', 'feed_tokens', 'rate_limits')
  await db.execute(sql`delete from graphile_worker._private_jobs`)
  await emptyTables(db)
  fs.rmSync(path.join(folder, 'documents'), { recursive: true, force: true })
})

const contracts = (...codes: string[]) => codes.map(code => ({ code, category: 'household' }))
const BILLER = { oshee: 1, kesco: 2 }

const runs = async () =>
  (await db.execute<{ id: number; status: string }>(sql`select id, status from feed_runs order by id`)).rows
const region = async (code: string) =>
  (await db.execute<{ region: string }>(sql`select region from contracts where code = ${code}`)).rows[0]
    ?.region

async function accepted(received: ReturnType<typeof send>): Promise<number> {
  const answer = await received
  if (answer.status !== 'accepted') throw new Error(JSON.stringify(answer))
  return answer.runId
}

test('a zip, a multipart body and a gzipped one load what the command loads, and are one run', async () => {
  const rows = sampleRows('oshee')
  await loadFeed({ biller: 'oshee', folder: feedFolder(rows) })
  const expected = await stateDump(db)
  await emptyTables(db)
  const token = await tokenOf('oshee', now)
  const run = await accepted(send(token, zipFeed(rows), now))
  expect(await getRunOfToken(token, run)).toMatchObject({ run, state: 'queued' })
  await loadUploads({ billerId: BILLER.oshee })
  expect(await stateDump(db)).toEqual(expected)
  const told = await getRunOfToken(token, run)
  expect(told).toMatchObject({ run, state: 'loaded', refusals: [] })
  expect(told!.files.find(({ file }) => file === 'contracts.csv')).toEqual({
    file: 'contracts.csv',
    rows: 8,
    added: 8,
    changed: 0,
    unchanged: 0,
    removed: 0,
    refused: 0,
  })
  const multipart = multipartOf(entriesOf(rows))
  expect(await accepted(send(token, multipart, now, { 'content-type': MULTIPART }))).toBe(run)
  const gzipped = { 'content-type': MULTIPART, 'content-encoding': 'gzip' }
  expect(await accepted(send(token, gzipSync(multipart), now, gzipped))).toBe(run)
  expect(await runs()).toEqual([{ id: run, status: 'loaded' }])
  // What was uploaded is nowhere any more, nor what came again.
  expect((await db.execute(sql`select from feed_run_files`)).rowCount).toBe(0)
  expect(filesIn(folder)).toEqual([])
})

test('an older upload again, over a newer one, changes nothing; with another file beside it, it does', async () => {
  const token = await tokenOf('oshee', now)
  const feed = (where: string) => ({ contracts: [{ ...contracts('AL0000001')[0]!, region: where }] })
  const first = await accepted(send(token, zipFeed(feed('TIRANA')), now))
  await accepted(send(token, zipFeed(feed('DURRËS')), now))
  await loadUploads({ billerId: BILLER.oshee })
  expect(await accepted(send(token, zipFeed(feed('TIRANA')), now))).toBe(first)
  await loadUploads({ billerId: BILLER.oshee })
  expect(await region('AL0000001')).toBe('DURRËS')
  const again = zipOf([...entriesOf(feed('TIRANA')), { name: 'again.txt', content: 'On purpose.' }])
  const run = await accepted(send(token, again, now))
  expect(run).not.toBe(first)
  await loadUploads({ billerId: BILLER.oshee })
  expect(await region('AL0000001')).toBe('TIRANA')
  expect(await getRunOfToken(token, run)).toMatchObject({ state: 'loaded', ignored: ['again.txt'] })
})

test('what two send at once is one run each biller, and is loaded in the order in which it came', async () => {
  const token = await tokenOf('oshee', now)
  const other = await tokenOf('kesco', now)
  const body = zipFeed({ contracts: contracts('AL0000001') })
  const [one, same, kesco] = await Promise.all([
    accepted(send(token, body, now)),
    accepted(send(token, body, now)),
    accepted(send(other, body, now)),
  ])
  expect(same).toBe(one)
  expect(kesco).not.toBe(one)
  expect(await getRunOfToken(other, one!)).toBeUndefined()
  for (const where of ['A', 'B', 'C'])
    await accepted(
      send(token, zipFeed({ contracts: [{ ...contracts('AL0000001')[0]!, region: where }] }), now),
    )
  // Two nodes, and a job of before, at once.
  await Promise.all([
    runDueJobs(taskList('feeds')),
    runDueJobs(taskList('feeds')),
    loadUploads({ billerId: BILLER.oshee }),
  ])
  expect(await region('AL0000001')).toBe('C')
  // A code of another biller's is none of theirs.
  expect(await getRunOfToken(other, kesco!)).toMatchObject({
    state: 'refused',
    refusals: [{ file: 'contracts.csv', line: 2, column: 'code', reason: 'not_a_contract_code' }],
  })
  expect((await runs()).map(({ status }) => status).sort()).toEqual([
    'loaded',
    'loaded',
    'loaded',
    'loaded',
    'refused',
  ])
})

test('a worker that is killed on the way loses nothing: another one goes on', async () => {
  const rows = sampleRows('oshee')
  const token = await tokenOf('oshee', now)
  const run = await accepted(send(token, zipFeed(rows), now))
  const later: FeedRows = { contracts: [{ ...rows.contracts[0]!, region: 'LATER' }] }
  const next = await accepted(send(token, zipFeed(later), now))
  const script = path.join(import.meta.dirname, '../support/upload-killed.ts')
  const child = spawn(process.execPath, [script, String(run)], { stdio: 'inherit' })
  const [, signal] = await once(child, 'exit')
  expect(signal).toBe('SIGKILL')
  const { rows: broken } = await db.execute<{ done: number }>(
    sql`select slices_done as done from feed_runs where id = ${run} and status = 'running'`,
  )
  expect(broken[0]!.done).toBeGreaterThan(0)
  expect(await getRunOfToken(token, run)).toMatchObject({ state: 'running' })
  expect(await getRunOfToken(token, next)).toMatchObject({ state: 'queued' })
  await runDueJobs(taskList('feeds'))
  const told = await getRunOfToken(token, run)
  expect(told).toMatchObject({ state: 'loaded' })
  expect(told!.files.map(file => [file.file, 'added' in file && file.added])).toEqual(
    Object.entries(rows).map(([file, own]) => [`${file}.csv`, own.length]),
  )
  expect(await region(String(rows.contracts[0]!.code))).toBe('LATER')
  expect((await runs()).map(({ status }) => status)).toEqual(['loaded', 'loaded'])
})

test.runIf(process.env.DEEP)(
  'an upload that another feed overtook in the middle is over, and says so',
  async () => {
    const token = await tokenOf('oshee', now)
    const run = await accepted(send(token, zipFeed(sampleRows('oshee')), now))
    const script = path.join(import.meta.dirname, '../support/upload-killed.ts')
    await once(spawn(process.execPath, [script, String(run)], { stdio: 'inherit' }), 'exit')
    await loadFeed({ biller: 'oshee', folder: feedFolder({ contracts: contracts('AL0000001') }) })
    await loadUploads({ billerId: BILLER.oshee })
    expect(await getRunOfToken(token, run)).toMatchObject({ state: 'partly', reason: 'abandoned' })
    await forgetFeedFiles(db, now)
    expect(filesIn(folder)).toEqual([])
    // Sent again as it is, it is another run.
    const again = await accepted(send(token, zipFeed(sampleRows('oshee')), now))
    await loadUploads({ billerId: BILLER.oshee })
    expect(await getRunOfToken(token, again)).toMatchObject({ state: 'loaded' })
    expect(await accepted(send(token, zipFeed(sampleRows('oshee')), now))).toBe(again)
  },
)

test('an upload of which every row was refused may be sent again as it is', async () => {
  const token = await tokenOf('oshee', now)
  const bad = zipFeed({ contracts: [{ code: 'AL0000002', category: 'villa' }] })
  const runs = []
  for (let n = 0; n < 2; n++) {
    runs.push(await accepted(send(token, bad, now)))
    await loadUploads({ billerId: BILLER.oshee })
    expect(await getRunOfToken(token, runs[n]!)).toMatchObject({ state: 'refused' })
  }
  expect(runs[1]).not.toBe(runs[0])
})

test('an upload whose pieces are lost is refused and keeps nobody else waiting', async () => {
  const said = vi.spyOn(log, 'error').mockImplementation(() => {})
  const token = await tokenOf('oshee', now)
  const run = await accepted(send(token, zipFeed({ contracts: contracts('AL0000001') }), now))
  fs.rmSync(path.join(folder, 'documents'), { recursive: true })
  const next = await accepted(send(token, zipFeed({ contracts: contracts('AL0000002') }), now))
  await loadUploads({ billerId: BILLER.oshee })
  expect(await getRunOfToken(token, run)).toMatchObject({ state: 'refused', reason: 'upload_lost' })
  expect(await getRunOfToken(token, next)).toMatchObject({ state: 'loaded' })
  expect(said).toHaveBeenCalledWith({ run }, expect.stringContaining('ALARM'))
  said.mockRestore()
  const again = await accepted(send(token, zipFeed({ contracts: contracts('AL0000001') }), now))
  await loadUploads({ billerId: BILLER.oshee })
  expect(await getRunOfToken(token, again)).toMatchObject({ state: 'loaded' })
})

test('refused rows are kept for staff of the biller, are no formulas, and are forgotten', async () => {
  const token = await tokenOf('oshee', now)
  const bad = {
    contracts: [
      ...contracts('AL0000001'),
      { code: 'AL0000002', category: 'villa', holder_first_name: '=HYPERLINK("http://x")', address: '+1' },
    ],
  }
  const run = await accepted(send(token, zipFeed(bad), now))
  await loadUploads({ billerId: BILLER.oshee })
  expect(await getRunOfToken(token, run)).toMatchObject({
    state: 'partly',
    refusals: [
      { file: 'contracts.csv', line: 3, key: 'AL0000002', column: 'category', reason: 'unknown_value' },
    ],
  })
  const oshee = await makeStaff(db, 'supervisor', [BILLER.oshee])
  const kesco = { ...oshee, billerIds: [BILLER.kesco] }
  const agent = await makeStaff(db, 'agent', [BILLER.oshee])
  expect(await mayExportRefusals(kesco, run, 'contracts', now)).toBe(false)
  expect(await mayExportRefusals(oshee, run, 'invoices', now)).toBe(false)
  // Whole files of customers: agents see how many were refused, and why.
  expect(await mayExportRefusals(agent, run, 'contracts', now)).toBe(false)
  expect(await getRun(agent, run, now)).toMatchObject({
    state: 'partly',
    report: { files: [{ refused: 1 }] },
  })
  expect(await mayExportRefusals(oshee, run, 'contracts', now)).toBe(true)
  const pieces: Buffer[] = []
  for await (const piece of readPieces(run, 'refusals', 'contracts')) pieces.push(piece)
  const [header, row] = Buffer.concat(pieces).toString().split('\r\n')
  expect(header).toMatch(/^\ufeffrefused_line,refused_column,refused_reason,code,/)
  expect(row).toContain(
    `3,category,this value is none of those allowed,AL0000002,"'=HYPERLINK(""http://x"")"`,
  )
  expect(row).toContain(",'+1,")
  // As they lie there, nobody reads them.
  for (const file of filesIn(folder)) expect(gunzip(fs.readFileSync(file))).not.toContain('AL0000002')

  expect(await getRun(kesco, run, now)).toBeUndefined()
  expect(await getRun(oshee, run, now)).toMatchObject({ kept: ['contracts'], state: 'partly' })
  expect((await listRuns(kesco, {}, now)).runs).toEqual([])
  expect((await listRuns(oshee, { biller: 'oshee' }, now)).runs).toMatchObject([
    { id: run, state: 'partly', rows: 2, added: 1, refused: 1, token: token.id },
  ])
  await db.execute(
    sql`update feed_run_files set created_at = ${new Date('2026-10-27T10:00:00Z').toISOString()}`,
  )
  await forgetFeedFiles(db, now)
  expect(filesIn(folder)).toEqual([])
  expect(await mayExportRefusals(oshee, run, 'contracts', now)).toBe(false)
})

const gunzip = (bytes: Buffer): string => {
  try {
    return gunzipSync(bytes).toString()
  } catch {
    return bytes.toString('latin1')
  }
}

test('tokens are shown once, kept as hashes, follow each other without a gap and end for good', async () => {
  const old = await makeToken('oshee', now)
  const next = await makeToken('oshee', now)
  const { rows } = await db.execute(sql`select to_jsonb(t)::text as row from feed_tokens t`)
  expect(JSON.stringify(rows)).not.toContain(old.token)
  const admit = (token: string) => admitToken(`Bearer ${token}`, '192.0.2.7', now)
  for (const { token } of [old, next])
    expect(await admit(token)).toMatchObject({ status: 'admitted', token: { biller: 'oshee' } })
  expect(await revokeToken('kesco', old.id, now)).toEqual({ ok: false, code: 'noToken' })
  expect((await revokeToken('oshee', old.id, now)).ok).toBe(true)
  expect((await revokeToken('oshee', old.id, now)).ok).toBe(false)
  expect(await admit(old.token)).toEqual({ status: 'refused' })
  expect(await admit(next.token)).toMatchObject({ status: 'admitted' })
  expect(await listTokens('oshee')).toEqual([
    { id: old.id, createdAt: now, lastUsedAt: now, revokedAt: now },
    { id: next.id, createdAt: now, lastUsedAt: now, revokedAt: null },
  ])
  const { rows: events } = await db.execute(
    sql`select action, details from audit_events where action like 'feedToken.%' and action <> 'feedToken.refused' order by id desc limit 3`,
  )
  expect(events.map(({ action }) => action)).toEqual([
    'feedToken.revoked',
    'feedToken.made',
    'feedToken.made',
  ])
  // Guesses are counted for their network; who has a token goes on there.
  for (let guess = 0; guess < 60; guess++) await admit(`wrong-${'x'.repeat(30)}`)
  expect(await admit(`wrong-${'x'.repeat(30)}`)).toMatchObject({ status: 'limited' })
  expect(await admit(next.token)).toMatchObject({ status: 'admitted' })
})

test('a biller that had feeds and sends none any more is told of, after as long as its setting says', async () => {
  const said = vi.spyOn(log, 'error').mockImplementation(() => {})
  await loadFeed({ biller: 'oshee', folder: feedFolder({ contracts: contracts('AL0000001') }), now })
  const after = (days: number) => new Date(now.getTime() + days * 86_400_000)
  expect(await listSilentBillers(after(7))).toEqual([])
  const silent = { code: 'oshee', name: 'OSHEE', days: 8, last: now }
  expect(await listSilentBillers(after(8))).toEqual([{ ...silent, refused: 0 }])
  expect(await listSilentBillers(after(8), [BILLER.kesco])).toEqual([])
  // Staff are told on their first page, of a feed that was refused too.
  const faults = (days: number) => listFeedFaults(after(days), [BILLER.oshee])
  expect(await faults(7)).toEqual([])
  await db.execute(sql`insert into feed_runs (biller_id, started_at, finished_at, status, report)
    values (${BILLER.oshee}, ${after(1).toISOString()}, ${after(1).toISOString()}, 'refused', '{}')`)
  const refused = { code: 'oshee', name: 'OSHEE', isRefused: true, last: now, refused: 1 }
  expect(await faults(7)).toEqual([{ ...refused, days: null }])
  expect(await faults(8)).toEqual([{ ...refused, days: 8 }])
  expect(await listFeedFaults(after(8), [BILLER.kesco])).toEqual([])
  await reportSilentBillers(db, after(8))
  expect(said).toHaveBeenCalledWith({ biller: 'oshee', days: 8 }, expect.stringContaining('ALARM'))
  said.mockRestore()
  // What it sends and is refused ends no silence, and is no silence either.
  const send = (code: string, at: Date) =>
    loadFeed({ biller: 'oshee', folder: feedFolder({ contracts: contracts(code) }), now: at })
  for (const days of [6, 7]) await send('none', after(days))
  expect(await listSilentBillers(after(8))).toEqual([{ ...silent, refused: 3 }])
  await send('AL0000002', after(7))
  expect(await listSilentBillers(after(16))).toEqual([{ ...silent, days: 9, last: after(7), refused: 0 }])
})
