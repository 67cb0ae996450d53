// A copy of everything held about a person: asked for, made by a job, fetched once, erased.
import { and, eq, gt, isNotNull, isNull, lte, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { ownDataExportParts, ownDataExports } from '../../db/schema/own-data.ts'
import type { Customer } from '../auth/sessions.ts'
import { notify } from '../notifications/outbox.ts'
import { recordEvent } from '../platform/audit.ts'
import { clock } from '../platform/clock.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { enqueue } from '../platform/jobs.ts'
import { purge } from '../platform/purge.ts'
import { seal, unsealStored } from '../platform/seal.ts'
import { ACCOUNT_SETTING, type Section, sections } from './sections.ts'

/** Of the format in docs/own-data.md; a section more is no new version, a changed or missing one is. */
const FORMAT_VERSION = 2
const KEEP_HOURS = 24
const HOUR_MS = 3_600_000
const PURPOSE = 'own data'
/** Rows that a query hands over at a time, and the length of a sealed piece: this much is in memory at once. */
const ROWS_AT_ONCE = 200
const PART_LENGTH = 64 * 1024

type Who = Pick<Customer, 'id'>

/** Has a copy made. An earlier one, made or not, is worth nothing from then on. */
export async function requestExport(customer: Who, now: Date): Promise<void> {
  await database().transaction(async tx => {
    // One at a time: two forms sent at once would otherwise meet at the one row a person may have.
    const [account] = await tx
      .select({ id: accounts.id })
      .from(accounts)
      .where(and(eq(accounts.id, customer.id), isNull(accounts.closedAt)))
      .for('no key update')
    if (!account) return
    await eraseExport(tx, customer.id)
    const [row] = await tx
      .insert(ownDataExports)
      .values({ accountId: customer.id, requestedAt: now })
      .returning({ id: ownDataExports.id })
    const exportId = row!.id
    await enqueue(tx, 'make-own-data-export', { exportId })
    await enqueue(tx, 'erase-own-data-exports', {}, { runAt: new Date(now.getTime() + KEEP_HOURS * HOUR_MS) })
    await recordEvent(tx, { accountId: customer.id, action: 'own-data.requested', at: now })
  })
}

/** The job: writes the copy in sealed pieces, as of one moment, and says by e-mail that it is ready. */
export async function makeExport(
  { exportId }: { exportId: string },
  { database: db }: { database: Database },
): Promise<void> {
  await db.transaction(
    async tx => {
      const [row] = await tx
        .select({ accountId: ownDataExports.accountId })
        .from(ownDataExports)
        .where(and(eq(ownDataExports.id, exportId), isNull(ownDataExports.readyAt)))
        .for('update')
      if (!row) return
      const now = clock.now()
      await writeParts(tx, exportId, exportText(tx, row.accountId, now))
      await tx.update(ownDataExports).set({ readyAt: now }).where(eq(ownDataExports.id, exportId))
      const link = `${env().APP_URL}/account/data`
      await notify(tx, row.accountId, { kind: 'own-data-ready', link, hours: KEEP_HOURS })
    },
    { isolationLevel: 'repeatable read' },
  )
}

async function writeParts(tx: Transaction, exportId: string, text: AsyncIterable<string>): Promise<void> {
  let waiting = ''
  let position = 0
  const write = async () => {
    await tx
      .insert(ownDataExportParts)
      .values({ exportId, position, sealed: seal(waiting, partPurpose(exportId, position)) })
    position += 1
    waiting = ''
  }
  for await (const piece of text) {
    waiting += piece
    if (waiting.length >= PART_LENGTH) await write()
  }
  await write()
}

/** A piece opens only in its own place. */
const partPurpose = (exportId: string, position: number) => `${PURPOSE} ${exportId} ${position}`

/** The copy's JSON text, piece by piece. */
async function* exportText(tx: Transaction, accountId: string, now: Date): AsyncGenerator<string> {
  await tx.execute(sql`select set_config(${ACCOUNT_SETTING}, ${accountId}, true)`)
  yield `{\n"format": "drita-own-data",\n"version": ${FORMAT_VERSION},\n"createdAt": "${now.toISOString()}"`
  for (const section of sections) {
    yield `,\n${JSON.stringify(section.name)}: ${section.single ? '' : '['}`
    yield* sectionText(tx, section)
    yield section.single ? '' : ']'
  }
  yield '\n}\n'
}

async function* sectionText(tx: Transaction, section: Section): AsyncGenerator<string> {
  await tx.execute(sql`declare own_data no scroll cursor for
    select row_to_json(item)::text as text from (${section.rows}) item`)
  let separator = '\n'
  for (;;) {
    const { rows } = await tx.execute<{ text: string }>(
      sql.raw(`fetch forward ${ROWS_AT_ONCE} from own_data`),
    )
    for (const { text } of rows) {
      yield `${separator}${text}`
      separator = ',\n'
    }
    if (rows.length < ROWS_AT_ONCE) break
  }
  await tx.execute(sql`close own_data`)
}

/**
 * Takes the customer's copy, if it is ready and was not taken before: from then on nobody can fetch it again. Undefined
 * where there is none. The stream erases it at its end, and where the browser gives up.
 */
export async function takeExport(
  customer: Who,
  exportId: string,
  now: Date,
): Promise<ReadableStream<Uint8Array> | undefined> {
  const db = database()
  const taken = await db.transaction(async tx => {
    const rows = await tx
      .update(ownDataExports)
      .set({ fetchedAt: now })
      .where(
        and(
          eq(ownDataExports.id, exportId),
          eq(ownDataExports.accountId, customer.id),
          isNotNull(ownDataExports.readyAt),
          isOpen(now),
        ),
      )
      .returning({ id: ownDataExports.id })
    if (rows.length === 0) return false
    await recordEvent(tx, { accountId: customer.id, action: 'own-data.fetched', at: now })
    return true
  })
  return taken ? partStream(db, exportId) : undefined
}

/** It was not taken, and is not too old. */
const isOpen = (now: Date) =>
  and(isNull(ownDataExports.fetchedAt), gt(ownDataExports.requestedAt, keptSince(now)))

const keptSince = (now: Date) => new Date(now.getTime() - KEEP_HOURS * HOUR_MS)

function partStream(db: Database, exportId: string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let position = 0
  const erase = () => db.delete(ownDataExports).where(eq(ownDataExports.id, exportId))
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const [part] = await db
        .select({ sealed: ownDataExportParts.sealed })
        .from(ownDataExportParts)
        .where(and(eq(ownDataExportParts.exportId, exportId), eq(ownDataExportParts.position, position)))
      if (!part) {
        await erase()
        controller.close()
        return
      }
      const text = unsealStored(part.sealed, partPurpose(exportId, position))
      if (text === undefined) throw new Error('A piece of an export does not open.')
      position += 1
      controller.enqueue(encoder.encode(text))
    },
    async cancel() {
      await erase()
    },
  })
}

/** What the page shows of the customer: the terms accepted, and the copy that is being made or waits. */
export async function getOwnData(customer: Who, now: Date) {
  const [row] = await database()
    .select({
      termsVersion: accounts.termsVersion,
      termsAcceptedAt: accounts.termsAcceptedAt,
      exportId: ownDataExports.id,
      requestedAt: ownDataExports.requestedAt,
      readyAt: ownDataExports.readyAt,
    })
    .from(accounts)
    .leftJoin(ownDataExports, and(eq(ownDataExports.accountId, accounts.id), isOpen(now)))
    .where(eq(accounts.id, customer.id))
  const { termsVersion, termsAcceptedAt, exportId, requestedAt, readyAt } = row!
  const until = requestedAt && new Date(requestedAt.getTime() + KEEP_HOURS * HOUR_MS)
  const state: 'making' | 'ready' = readyAt ? 'ready' : 'making'
  return {
    termsVersion,
    termsAcceptedAt,
    copy: exportId && until ? { id: exportId, state, until } : undefined,
  }
}

/** Erases the account's copy, if there is one. */
export async function eraseExport(tx: Transaction, accountId: string): Promise<void> {
  await tx.delete(ownDataExports).where(eq(ownDataExports.accountId, accountId))
}

/** Erases copies that nobody fetched within a day, and what is left of those fetched. */
export async function eraseOldExports(db: Database, now: Date): Promise<void> {
  const { requestedAt } = ownDataExports
  await purge(db, ownDataExports, requestedAt, lte(requestedAt, keptSince(now)))
}
