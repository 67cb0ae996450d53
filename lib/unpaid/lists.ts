// The list of all unpaid invoices as a file: made at once where it is short, else by a job that says how far it is and tells once.
import { setImmediate } from 'node:timers/promises'
import { and, eq, gt, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { accounts } from '../../db/schema/accounts.ts'
import { unpaidLists } from '../../db/schema/unpaid.ts'
import { listUnpaidInvoices } from '../billing/queries.ts'
import type { UnpaidInvoice } from '../billing/schema.ts'
import type { Locale } from '../i18n/locale.ts'
import { notify } from '../notifications/outbox.ts'
import { clock } from '../platform/clock.ts'
import { csvText } from '../platform/csv.ts'
import { database } from '../platform/database.ts'
import { env } from '../platform/env.ts'
import { enqueue } from '../platform/jobs.ts'
import { purge } from '../platform/purge.ts'
import { seal, unsealStored } from '../platform/seal.ts'
import { unpaidList } from './list-content.ts'
import { listLines } from './list-csv.ts'
import { listPdf } from './list-pdf.ts'
import { KEEP_HOURS, type ListFormat, listPath } from './schema.ts'

const MINUTE_MS = 60_000
/** A job that has said nothing for so long is not going on: another may be begun. */
const SILENT_MINUTES = 15
/** Asked for again within so long, what was made is the list still. */
const FRESH_MINUTES = 10
/** Between two breaths: some milliseconds of work. */
const ROWS_AT_ONCE = 25
/** Between two times that a job says how far it is. */
const ROWS_SAID = 200

type Who = { id: string }
type Wish = { format: ListFormat; locale: Locale }

const ago = (now: Date, minutes: number) => new Date(now.getTime() - minutes * MINUTE_MS)
const keptSince = (now: Date) => ago(now, KEEP_HOURS * 60)
const purposeOf = (listId: string) => `unpaid list ${listId}`

/** The file itself, or the id of the list that a job makes; null where the account is gone. */
export async function askForList(
  customer: Who,
  wish: Wish,
  now: Date,
): Promise<{ file: Buffer } | { listId: string } | null> {
  const invoices = await listUnpaidInvoices(customer, 'all', now)
  if (invoices.length <= env().UNPAID_LIST_AT_ONCE) return { file: await fileOf(invoices, wish, now) }
  const listId = await beginList(customer, wish, invoices.length, now)
  return listId === undefined ? null : { listId }
}

/** `said`: told how many rows are written, now and then. */
async function fileOf(
  invoices: readonly UnpaidInvoice[],
  { format, locale }: Wish,
  now: Date,
  said: (written: number) => Promise<void> = async () => {},
): Promise<Buffer> {
  const list = unpaidList(invoices, locale, now)
  let rows = 0
  const written = (): Promise<void> | undefined => {
    rows += 1
    if (rows % ROWS_SAID === 0) return said(Math.min(rows, invoices.length))
    return rows % ROWS_AT_ONCE === 0 ? setImmediate() : undefined
  }
  if (format === 'pdf') return listPdf(list, written)
  const lines: string[] = []
  for (const line of listLines(list)) {
    lines.push(line)
    await written()
  }
  return Buffer.from(csvText(lines))
}

/** One that is being made, or was a moment ago, is the one; else a new one takes the place of what there is. */
const beginList = (customer: Who, { format, locale }: Wish, invoices: number, now: Date) =>
  database().transaction(async tx => {
    // Two wishes at once would otherwise meet at the one row a person may have.
    const [account] = await tx
      .select({ id: accounts.id })
      .from(accounts)
      .where(and(eq(accounts.id, customer.id), isNull(accounts.closedAt)))
      .for('no key update')
    if (!account) return undefined
    const isThis = and(eq(unpaidLists.accountId, customer.id), eq(unpaidLists.format, format))
    const [known] = await tx.select().from(unpaidLists).where(isThis)
    if (known && (known.readyAt ? isFresh(known, locale, now) : known.beatAt > ago(now, SILENT_MINUTES)))
      return known.id
    await tx.delete(unpaidLists).where(isThis)
    const [row] = await tx
      .insert(unpaidLists)
      .values({ accountId: customer.id, format, language: locale, requestedAt: now, beatAt: now, invoices })
      .returning({ id: unpaidLists.id })
    await enqueue(tx, 'make-unpaid-list', { listId: row!.id })
    return row!.id
  })

const isFresh = (known: { readyAt: Date | null; language: Locale }, locale: Locale, now: Date): boolean =>
  known.language === locale && known.readyAt! > ago(now, FRESH_MINUTES)

/** The job. Done twice, it makes one file and tells once. */
export async function makeList(
  { listId }: { listId: string },
  { database: db }: { database: Database },
): Promise<void> {
  const isOpen = and(eq(unpaidLists.id, listId), isNull(unpaidLists.readyAt))
  const [wish] = await db.select().from(unpaidLists).where(isOpen)
  if (!wish) return
  const now = clock.now()
  const { accountId, format, language: locale } = wish
  const invoices = await listUnpaidInvoices({ id: accountId }, 'all', now)
  const said = async (written: number) => {
    // Of two at once, the one that is ahead.
    await db
      .update(unpaidLists)
      .set({ written, invoices: invoices.length, beatAt: clock.now() })
      .where(and(isOpen, lt(unpaidLists.written, written)))
  }
  const file = await fileOf(invoices, { format, locale }, now, said)
  const sealed = seal(file.toString('base64'), purposeOf(listId))
  await db.transaction(async tx => {
    const count = invoices.length
    const [made] = await tx
      .update(unpaidLists)
      .set({ readyAt: now, written: count, invoices: count, sealed })
      .where(isOpen)
      .returning({ id: unpaidLists.id })
    if (!made) return
    const link = `${env().APP_URL}${listPath(listId)}`
    await notify(tx, accountId, { kind: 'unpaid-list-ready', link, hours: KEEP_HOURS })
  })
}

const ofCustomer = (customer: Who, listId: string, now: Date) =>
  and(
    eq(unpaidLists.id, listId),
    eq(unpaidLists.accountId, customer.id),
    gt(unpaidLists.requestedAt, keptSince(now)),
  )

/** How a list of the customer's stands; undefined where there is none. `silent`: its job says nothing, and may be begun anew. */
export async function getList(customer: Who, listId: string, now: Date) {
  const { format, requestedAt, written, invoices, beatAt, readyAt } = unpaidLists
  const [row] = await database()
    .select({ format, requestedAt, written, invoices, beatAt, readyAt })
    .from(unpaidLists)
    .where(ofCustomer(customer, listId, now))
  if (!row) return undefined
  const until = new Date(row.requestedAt.getTime() + KEEP_HOURS * 60 * MINUTE_MS)
  const isSilent = row.beatAt <= ago(now, SILENT_MINUTES)
  const state: 'ready' | 'silent' | 'making' = row.readyAt ? 'ready' : isSilent ? 'silent' : 'making'
  return { ...row, until, state }
}

/** The file of a list of the customer's that is ready; undefined where there is none. */
export async function openList(
  customer: Who,
  listId: string,
  now: Date,
): Promise<{ format: ListFormat; file: Buffer } | undefined> {
  const [row] = await database()
    .select({ format: unpaidLists.format, sealed: sql<string>`${unpaidLists.sealed}` })
    .from(unpaidLists)
    .where(and(ofCustomer(customer, listId, now), isNotNull(unpaidLists.readyAt)))
  const opened = row && unsealStored(row.sealed, purposeOf(listId))
  return opened === undefined ? undefined : { format: row!.format, file: Buffer.from(opened, 'base64') }
}

/** Erases the account's lists. */
export async function eraseLists(tx: Transaction, accountId: string): Promise<void> {
  await tx.delete(unpaidLists).where(eq(unpaidLists.accountId, accountId))
}

/** Erases lists a day old. */
export async function eraseOldLists(db: Database, now: Date): Promise<void> {
  const { requestedAt } = unpaidLists
  await purge(db, unpaidLists, requestedAt, lte(requestedAt, keptSince(now)))
}
