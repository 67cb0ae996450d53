// Proof from the paper bill: what stands on it and can be neither seen in the portal at the level one has nor worked out.
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { invoices } from '../../db/schema/billing.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { paymentAttemptInvoices, paymentAttempts } from '../../db/schema/payments.ts'
import { okOnce } from '../forms/answers.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { limits } from '../platform/limits.ts'
import { parseMinor } from '../platform/money.ts'
import { countTry, recordRefused, returnTry, type Wait } from '../platform/rate-limits.ts'
import { fail, type Result } from '../platform/result.ts'
import { hasContract, hasHoldersName, isAccess, openProof, selectAccess } from './access.ts'
import { tellHolders } from './commands.ts'
import { type PaperProof, sameMeter, sameReading } from './rules.ts'

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
  const contract = await findProvable(customer, biller, code)
  if (!contract) return fail('notFound')
  const kind: PaperProof = 'meterNumber' in proof ? 'meter' : 'number'
  if (contract.openProof !== kind) return fail('proofClosed')
  const tries = [
    { limit: limits.contractProofs(), key: customer.id },
    { limit: limits.proofsOfContract(), key: String(contract.id) },
  ]
  for (const { limit, key } of tries) {
    const seconds = await countTry(limit, key)
    if (seconds > 0) return { ok: false, code: 'wait', seconds }
  }
  const isRight =
    'meterNumber' in proof
      ? sameMeter(proof.meterNumber, contract.meterNumber ?? '') && (await isReading(contract.id, proof))
      : await isNumberAndTotal(customer, contract.id, proof)
  if (!isRight) {
    const subject = `contract:${contract.id}`
    await recordRefused({ action: 'proof.refused', accountId: customer.id, subject, at: now })
    return fail('proofWrong')
  }
  for (const { limit, key } of tries) await returnTry(limit, key)
  const opened = contract.hasHoldersName ? 'holder' : 'masked'
  return database().transaction(async tx =>
    (await open(tx, customer, contract.id, opened, now)) ? okOnce(tx, opened) : fail('proofClosed'),
  )
}

async function findProvable(customer: Who, biller: string, code: string) {
  const columns = { id: contracts.id, meterNumber: contracts.meterNumber, openProof, hasHoldersName }
  const [row] = await selectAccess(database(), columns).where(hasContract(customer.id, biller, code))
  return row
}

const newest = (contractId: number, kind: PaperProof) =>
  database()
    .select({
      id: invoices.id,
      number: invoices.number,
      total: invoices.total,
      reading: invoices.currentReading,
    })
    .from(invoices)
    .where(and(eq(invoices.contractId, contractId), isNull(invoices.cancelledOn)))
    .orderBy(desc(invoices.period), desc(invoices.number))
    .limit(NEWEST[kind])

async function isReading(contractId: number, { currentReading }: MeterProof): Promise<boolean> {
  const bills = await newest(contractId, 'meter')
  return bills.some(({ reading }) => reading !== null && sameReading(currentReading, reading))
}

/** Of invoices that this account never began to pay: of those it may have seen more than their total. */
async function isNumberAndTotal(
  customer: Who,
  contractId: number,
  { invoiceNumber, invoiceTotal }: NumberProof,
): Promise<boolean> {
  const wanted = invoiceNumber.toUpperCase()
  const total = parseMinor(invoiceTotal)
  const bills = await newest(contractId, 'number')
  const bill = bills.find(({ number }) => number.toUpperCase() === wanted)
  if (!bill || bill.total !== total) return false
  const begun = await database()
    .select({ id: paymentAttempts.id })
    .from(paymentAttempts)
    .innerJoin(paymentAttemptInvoices, eq(paymentAttemptInvoices.attemptId, paymentAttempts.id))
    .where(
      and(
        eq(paymentAttempts.contractId, contractId),
        eq(paymentAttempts.accountId, customer.id),
        eq(paymentAttemptInvoices.invoiceId, bill.id),
      ),
    )
    .limit(1)
  return begun.length === 0
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
