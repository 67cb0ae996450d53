// Requests and complaints about a contract: all kinds of the catalogue are filed, moved and told of in the same way.
import { and, eq, sql } from 'drizzle-orm'
import type { Executor } from '../../../db/client.ts'
import { accounts } from '../../../db/schema/accounts.ts'
import { invoices } from '../../../db/schema/billing.ts'
import { contracts } from '../../../db/schema/contracts.ts'
import { payments } from '../../../db/schema/ledger.ts'
import {
  hasContract,
  holderName,
  inOwnTime,
  invoiceBegins,
  seesInvoices,
  selectAccess,
} from '../../contracts/access.ts'
import { sameMeter } from '../../contracts/rules.ts'
import { foldName } from '../../platform/names.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { hearsKind, type RequestCode, requestCodes, requestKind, typeOf, USUAL } from '../catalogue.ts'
import { requestForm } from '../forms.ts'
import {
  type About,
  type Case,
  type Compared,
  type Fact,
  type Filed,
  type Kind,
  kind,
  type Said,
  STAFF,
} from '../kind.ts'
import { requestPath } from '../schema.ts'

/** Reopening undoes what a customer was told. */
const REOPENERS = ['supervisor', 'administrator'] as const

const tells = (one: Case, biller: string) => requestPath(biller, one.about, one.number!)

const moves = {
  take: { by: STAFF, tells },
  release: { by: STAFF },
  handOver: { by: STAFF },
  ask: { by: STAFF, note: 'required', tells },
  answer: { by: 'owner' },
  accept: { by: STAFF, note: 'required', tells },
  reject: { by: STAFF, note: 'required', tells },
  reopen: { by: REOPENERS, note: 'required', tells },
  withdraw: { by: 'owner', from: ['pending', 'taken', 'waiting'] },
  reply: { by: STAFF, note: 'required', tells },
  note: { by: STAFF, note: 'required' },
  // Nobody works on what is decided, so nobody would read it.
  write: { by: 'owner', note: 'required', from: ['pending', 'taken'] },
  amend: { by: 'owner' },
} as const satisfies Kind['moves']

const requestOf = (code: RequestCode) =>
  kind({
    queue: 'requests',
    texts: 'request',
    numbered: true,
    form: requestForm,
    about: (db, input, filed) => aboutRequest(db, code, input, filed),
    tellsFiled: tells,
    moves,
    compared: compareWithRecord,
    facts: aboutContract,
  })

type RequestInput = Said<typeof requestForm.fields>

/** Of a contract whose invoices the customer may see; an invoice that it names is that contract's. */
async function aboutRequest(
  db: Executor,
  code: RequestCode,
  { type, kind: chosen, intent: _, ...answers }: RequestInput,
  { owner, contract, now }: Filed,
): Promise<Result<About, 'kindNotOffered' | 'invoiceUnknown' | 'notFound'>> {
  if (!('accountId' in owner) || !contract) return fail('notFound')
  const [row] = await selectAccess(db, {
    billerId: contracts.billerId,
    contractId: contracts.id,
    about: contracts.code,
    title: sql<string>`${accounts.firstName} || ' ' || ${accounts.lastName}`,
    invoice: sql<string | null>`(select i.number from ${invoices} i
      where i.contract_id = ${contracts.id} and i.id = ${answers.invoice ?? null}::bigint and ${inOwnTime(invoiceBegins('i'))})`,
    reconnectable: reconnectableFrom(now),
  }).where(and(hasContract(owner.accountId, contract.biller, contract.code), seesInvoices))
  if (!row) return fail('notFound')
  if (chosen !== code || typeOf(code) !== type || !hearsKind(contract.biller, code))
    return fail('kindNotOffered')
  if (answers.invoice !== undefined && row.invoice === null) return fail('invoiceUnknown')
  const { limit = USUAL, version } = requestKind(code)
  const { invoice: _invoice, reconnectable, ...of } = row
  return ok({
    ...of,
    answers: Object.fromEntries(
      Object.entries(answers).flatMap(([field, value]) => (value === undefined ? [] : [[field, value]])),
    ),
    limit,
    // It runs from when the conditions were met, as far as the portal knows.
    limitFrom: limit.unit === 'hours' && reconnectable ? new Date(reconnectable) : undefined,
    formVersion: version,
  })
}

/** Since when a contract that owes nothing is paid, where that was in the last week: for queries over contracts. */
const reconnectableFrom = (now: Date) => sql<string | null>`(select max(p.received_at) from ${payments} p
  where p.contract_id = ${contracts.id} and p.reversed_on is null and p.received_at > ${now.toISOString()}::timestamptz - interval '7 days'
    and not exists (select from ${invoices} i where i.contract_id = ${contracts.id} and i.unpaid > 0 and i.cancelled_on is null
      and i.due_on < ${now.toISOString()}::timestamptz::date))`

/** What the customer says of meter and invoice, beside what the biller's record says. */
async function compareWithRecord(db: Executor, one: Case): Promise<Compared[]> {
  const { meterNumber, currentReading, invoice } = one.answers
  const [row] = await db
    .select({ holder: holderName, meter: contracts.meterNumber, reading: invoices.currentReading })
    .from(contracts)
    .leftJoin(
      invoices,
      and(eq(invoices.contractId, contracts.id), sql`${invoices.id} = ${invoice ?? null}::bigint`),
    )
    .where(eq(contracts.id, one.contractId!))
  const { meter, reading, holder } = row!
  const lines: (Compared | undefined)[] = [
    currentReading
      ? {
          label: 'reading',
          fields: ['currentReading'],
          claimed: currentReading,
          recorded: reading === null ? { text: 'unknown' } : String(Number(reading)),
          agrees: reading === null ? undefined : Number(reading) === Number(currentReading.replace(',', '.')),
        }
      : undefined,
    meterNumber
      ? {
          label: 'meter',
          fields: ['meterNumber'],
          claimed: meterNumber,
          recorded: meter ?? { text: 'unknown' },
          agrees: meter === null ? undefined : sameMeter(meterNumber, meter),
        }
      : undefined,
    {
      label: 'holder',
      fields: [],
      claimed: one.title,
      recorded: holder ?? { text: 'unknown' },
      agrees: holder === null ? undefined : foldName(holder) === foldName(one.title),
      masked: true,
    },
  ]
  return lines.filter(line => line !== undefined)
}

/** Which contract and invoice it is about, as staff find them elsewhere. */
async function aboutContract(db: Executor, one: Case): Promise<Fact[]> {
  const { invoice } = one.answers
  const [named] = invoice
    ? await db
        .select({ number: invoices.number })
        .from(invoices)
        .where(and(eq(invoices.contractId, one.contractId!), sql`${invoices.id} = ${invoice}::bigint`))
    : []
  return [
    { label: 'note', field: 'note', value: one.answers.note ?? '' },
    { label: 'contract', value: one.about },
    ...(named ? [{ label: 'invoice', field: 'invoice', value: named.number }] : []),
  ]
}

export const requests = Object.fromEntries(requestCodes.map(code => [code, requestOf(code)])) as Record<
  RequestCode,
  ReturnType<typeof requestOf>
>
