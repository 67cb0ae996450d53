// Proof from the paper bill: what stands on it and can be neither seen in the portal at the level one has nor worked out.
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../../db/client.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { payLinkInvoices, payLinks } from '../../db/schema/pay-links.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { okOnce } from '../forms/answers.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { limits } from '../platform/limits.ts'
import { parseMinor } from '../platform/money.ts'
import { countTry, recordRefused, returnTry, type Wait } from '../platform/rate-limits.ts'
import { fail, type Result } from '../platform/result.ts'
import {
  hasContract,
  hasHoldersName,
  isAccess,
  isOwnInvoice,
  lockContract,
  openProof,
  selectAccess,
} from './access.ts'
import { endInTransaction } from './ended-access.ts'
import { type PaperProof, sameMeter, sameReading } from './rules.ts'
import { tellHolders } from './telling.ts'

type Who = { id: string }

/** What stands on the paper bill of a metered supply; the reading as people write it. */
export type MeterProof = { meterNumber: string; currentReading: string }
/** `invoiceTotal`: a decimal string. */
export type NumberProof = { invoiceNumber: string; invoiceTotal: string }

/** How many of a contract's newest invoices count: a reading is looked for on fewer, because it stays nearly the same. */
const NEWEST = { meter: 3, number: 12 } as const

export type Opened = 'holder' | 'masked'
type ProofFailure = 'notFound' | 'proofClosed' | 'proofWrong'

/**
 * Takes meter and reading, or number and total, of one of the contract's newest invoices: whoever has the holder's names
 * and number becomes the holder, anybody else may open the invoices. `proofClosed`: it would open nothing to this account,
 * because the biller takes no such proof or the holder limited them. The holder is told. Wrong ones are counted: `wait` says for how long.
 */
export async function proveContract(
  customer: Who,
  biller: string,
  code: string,
  proof: MeterProof | NumberProof,
  now: Date,
): Promise<Result<Opened, ProofFailure> | Wait> {
  const contract = await findProvable(database(), customer, biller, code)
  if (!contract) return fail('notFound')
  if (contract.openProof !== kindOf(proof)) return fail('proofClosed')
  const tries = [
    { limit: limits.contractProofs(), key: customer.id },
    { limit: limits.proofsOfContract(), key: String(contract.id) },
  ]
  for (const { limit, key } of tries) {
    const seconds = await countTry(limit, key)
    if (seconds > 0) return { ok: false, code: 'wait', seconds }
  }
  const proved = await database().transaction(async (tx): Promise<Result<Opened, ProofFailure>> => {
    // The contract may be changing hands at this moment: a bill of before then proves nothing any more.
    await lockContract(tx, contract.id)
    await endInTransaction(tx, now, contract.id)
    const own = await findProvable(tx, customer, biller, code)
    if (own?.openProof !== kindOf(proof)) return fail('proofClosed')
    if (!(await isRight(tx, customer, own, proof))) return fail('proofWrong')
    const opened = own.hasHoldersName ? 'holder' : 'masked'
    return (await open(tx, customer, own.id, opened, now)) ? okOnce(tx, opened) : fail('proofClosed')
  })
  if (!proved.ok && proved.code === 'proofWrong') {
    const subject = `contract:${contract.id}`
    await recordRefused({ action: 'proof.refused', accountId: customer.id, subject, at: now })
  } else for (const { limit, key } of tries) await returnTry(limit, key)
  return proved
}

const kindOf = (proof: MeterProof | NumberProof): PaperProof => ('meterNumber' in proof ? 'meter' : 'number')

type Provable = NonNullable<Awaited<ReturnType<typeof findProvable>>>

async function findProvable(db: Executor, customer: Who, biller: string, code: string) {
  const columns = { id: contracts.id, meterNumber: contracts.meterNumber, openProof, hasHoldersName }
  const [row] = await selectAccess(db, columns).where(hasContract(customer.id, biller, code))
  return row
}

async function isRight(
  db: Executor,
  customer: Who,
  { id, meterNumber }: Provable,
  proof: MeterProof | NumberProof,
): Promise<boolean> {
  if (!('meterNumber' in proof)) return isNumberAndTotal(db, customer, id, proof)
  return sameMeter(proof.meterNumber, meterNumber ?? '') && (await isReading(db, customer, id, proof))
}

const newest = (db: Executor, customer: Who, contractId: number, kind: PaperProof) =>
  selectAccess(db, {
    id: invoices.id,
    number: invoices.number,
    total: invoices.total,
    reading: invoices.currentReading,
  })
    .innerJoin(invoices, eq(invoices.contractId, contracts.id))
    .where(and(isAccess(customer.id, contractId), isNull(invoices.cancelledOn), isOwnInvoice))
    .orderBy(desc(invoices.period), desc(invoices.number))
    .limit(NEWEST[kind])

async function isReading(
  db: Executor,
  customer: Who,
  contractId: number,
  { currentReading }: MeterProof,
): Promise<boolean> {
  const bills = await newest(db, customer, contractId, 'meter')
  return bills.some(({ reading }) => reading !== null && sameReading(currentReading, reading))
}

/**
 * Of invoices that this account never began to pay: of those it may have seen more than their total. And of none that was found at
 * /pay: whoever tries numbers there learns which are right, and what is due.
 */
async function isNumberAndTotal(
  db: Executor,
  customer: Who,
  contractId: number,
  { invoiceNumber, invoiceTotal }: NumberProof,
): Promise<boolean> {
  const wanted = invoiceNumber.toUpperCase()
  const total = parseMinor(invoiceTotal)
  const bills = await newest(db, customer, contractId, 'number')
  const bill = bills.find(({ number }) => number.toUpperCase() === wanted)
  if (!bill || bill.total !== total) return false
  const begun = await db
    .select({ id: paymentAttempts.id })
    .from(paymentAttempts)
    .innerJoin(paymentAttemptInvoices, eq(paymentAttemptInvoices.attemptId, paymentAttempts.id))
    .where(
      and(
        eq(paymentAttemptInvoices.contractId, contractId),
        eq(paymentAttempts.accountId, customer.id),
        eq(paymentAttemptInvoices.invoiceId, bill.id),
      ),
    )
    .limit(1)
  const found = await db
    .select({ id: payLinks.id })
    .from(payLinks)
    .innerJoin(payLinkInvoices, eq(payLinkInvoices.payLinkId, payLinks.id))
    .where(and(isNull(payLinks.accountId), eq(payLinkInvoices.invoiceId, bill.id)))
    .limit(1)
  return begun.length === 0 && found.length === 0
}

async function open(
  tx: Transaction,
  customer: Who,
  contractId: number,
  opened: Opened,
  now: Date,
): Promise<boolean> {
  const changed = await tx
    .update(contractAccess)
    .set(opened === 'holder' ? { recognisedAt: now, recognisedBy: 'paper' } : { level: 'masked' })
    .where(
      and(
        isAccess(customer.id, contractId),
        // The holder may have decided just now.
        sql`coalesce(${contractAccess.holderDecision}, 'approved') = 'approved'`,
      ),
    )
    .returning({ contractId: contractAccess.contractId })
  if (changed.length === 0) return false
  await recordEvent(tx, {
    accountId: customer.id,
    action: opened === 'holder' ? 'holder.proved' : 'contract.proved',
    subject: `contract:${contractId}`,
    at: now,
  })
  await tellHolders(tx, customer.id, contractId, 'contract-proved-by-other')
  return true
}
