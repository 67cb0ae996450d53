// The list of all unpaid invoices as a file: made at once where it is short, else by a job that says how far it is and tells once.
import { setImmediate } from 'node:timers/promises'
import { and, desc, eq, getTableColumns, gt, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm'
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
import { limits } from '../platform/limits.ts'
import { purge } from '../platform/purge.ts'
import { isKeyedHash, keyedHash, seal, unsealStored } from '../platform/seal.ts'
import { unpaidList } from './list-content.ts'
import { listLines } from './list-csv.ts'
import { listPdf } from './list-pdf.ts'
import { KEEP_HOURS, type ListFormat, listPath } from './schema.ts'

const MINUTE_MS = 60_000
/** A job that has said nothing for so long is not going on: another may be begun. */
const SILENT_MINUTES = 15
/** With growing pauses that is four minutes: whoever waits for a list is told then that it cannot be made. */
const TRIES = 6
/** Between two breaths: some milliseconds of work. */
const ROWS_AT_ONCE = 25
/** Between two times that a job says how far it is. */
const ROWS_SAID = 200

type Who = { id: string }
type Wish = { format: ListFormat; locale: Locale }
type List = typeof unpaidLists.$inferSelect

const ago = (now: Date, minutes: number) => new Date(now.getTime() - minutes * MINUTE_MS)
const keptSince = (now: Date) => ago(now, KEEP_HOURS * 60)
const purposeOf = (listId: string) => `unpaid list ${listId}`
const HASH_PURPOSE = 'invoices of an unpaid list'

/** `isLimited`: no more are made today; this is the newest. */
type Begun = { listId: string; isLimited?: boolean }

/**
 * The file itself, or the list that a job makes; null where the account is gone. `anew`: what was made before is not the list, even if
 * it says what is still true.
 */
export async function askForList(
  customer: Who,
  wish: Wish & { anew?: boolean },
  now: Date,
): Promise<{ file: Buffer } | Begun | null> {
  const invoices = await listUnpaidInvoices(customer, 'all', now)
  if (invoices.length <= env().UNPAID_LIST_AT_ONCE) return { file: await fileOf(invoices, wish, now) }
  return beginList(customer, wish, invoices, now)
}

/** What a list says, but for its language. */
const listed = (invoices: readonly UnpaidInvoice[]): string => JSON.stringify(invoices)

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

/**
 * One that is being made, or says what is still true, is the one; else a new one. What is ready stays, as it was promised to; what
 * will never be goes.
 */
const beginList = (
  customer: Who,
  { format, locale, anew }: Wish & { anew?: boolean },
  invoices: readonly UnpaidInvoice[],
  now: Date,
): Promise<Begun | null> =>
  database().transaction(async tx => {
    // Of two wishes at once, the second finds what the first has begun.
    const [account] = await tx
      .select({ id: accounts.id })
      .from(accounts)
      .where(and(eq(accounts.id, customer.id), isNull(accounts.closedAt)))
      .for('no key update')
    if (!account) return null
    const { sealed: _, ...columns } = getTableColumns(unpaidLists)
    const lists = await tx
      .select(columns)
      .from(unpaidLists)
      .where(and(eq(unpaidLists.accountId, customer.id), gt(unpaidLists.requestedAt, keptSince(now))))
      .orderBy(desc(unpaidLists.requestedAt))
    const alike = lists.filter(list => list.format === format && list.language === locale)
    const making = alike.find(list => stateOf(list, now) === 'making')
    if (making) return { listId: making.id }
    const [newest] = alike.filter(list => list.readyAt)
    const isTrue = newest?.listedHash && isKeyedHash(newest.listedHash, listed(invoices), HASH_PURPOSE)
    if (isTrue && !anew) return { listId: newest.id }
    if (lists.length >= limits.unpaidLists().points)
      return { listId: (newest ?? lists[0]!).id, isLimited: true }
    const isThis = and(
      eq(unpaidLists.accountId, customer.id),
      eq(unpaidLists.format, format),
      eq(unpaidLists.language, locale),
    )
    await tx.delete(unpaidLists).where(and(isThis, isNull(unpaidLists.readyAt)))
    const [row] = await tx
      .insert(unpaidLists)
      .values({
        accountId: customer.id,
        format,
        language: locale,
        requestedAt: now,
        beatAt: now,
        invoices: invoices.length,
      })
      .returning({ id: unpaidLists.id })
    await enqueue(tx, 'make-unpaid-list', { listId: row!.id }, { maxAttempts: TRIES })
    return { listId: row!.id }
  })

type State = 'ready' | 'failed' | 'silent' | 'making'

/** `silent`: its job says nothing. `failed`: it was given up. Either may be begun anew. */
function stateOf(
  { readyAt, failedAt, beatAt }: Pick<List, 'readyAt' | 'failedAt' | 'beatAt'>,
  now: Date,
): State {
  if (readyAt) return 'ready'
  if (failedAt) return 'failed'
  return beatAt <= ago(now, SILENT_MINUTES) ? 'silent' : 'making'
}

/** The job. Done twice, it makes one file and tells once. `isLastTry`: where it fails, the list will not be made. */
export async function makeList(
  { listId }: { listId: string },
  { database: db, isLastTry }: { database: Database; isLastTry?: boolean },
): Promise<void> {
  try {
    await makeFile(db, listId)
  } catch (error) {
    if (isLastTry) await db.update(unpaidLists).set({ failedAt: clock.now() }).where(isOpenList(listId))
    throw error
  }
}

const isOpenList = (listId: string) => and(eq(unpaidLists.id, listId), isNull(unpaidLists.readyAt))

async function makeFile(db: Database, listId: string): Promise<void> {
  const isOpen = isOpenList(listId)
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
    const listedHash = keyedHash(listed(invoices), HASH_PURPOSE)
    const [made] = await tx
      .update(unpaidLists)
      .set({ readyAt: now, written: count, invoices: count, listedHash, sealed })
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

/** How a list of the customer's stands; undefined where there is none. */
export async function getList(customer: Who, listId: string, now: Date) {
  const { format, requestedAt, written, invoices, beatAt, readyAt, failedAt } = unpaidLists
  const [row] = await database()
    .select({ format, requestedAt, written, invoices, beatAt, readyAt, failedAt })
    .from(unpaidLists)
    .where(ofCustomer(customer, listId, now))
  if (!row) return undefined
  const until = new Date(row.requestedAt.getTime() + KEEP_HOURS * 60 * MINUTE_MS)
  return { ...row, until, state: stateOf(row, now) }
}

/** The file of a list of the customer's that is ready; undefined where there is none. */
export async function openList(
  customer: Who,
  listId: string,
  now: Date,
): Promise<{ format: ListFormat; language: Locale; readyAt: Date; file: Buffer } | undefined> {
  const [row] = await database()
    .select({
      format: unpaidLists.format,
      language: unpaidLists.language,
      readyAt: unpaidLists.readyAt,
      sealed: sql<string>`${unpaidLists.sealed}`,
    })
    .from(unpaidLists)
    .where(and(ofCustomer(customer, listId, now), isNotNull(unpaidLists.readyAt)))
  const opened = row && unsealStored(row.sealed, purposeOf(listId))
  if (opened === undefined) return undefined
  const { format, language, readyAt } = row!
  return { format, language, readyAt: readyAt!, file: Buffer.from(opened, 'base64') }
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
