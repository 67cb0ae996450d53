// Debt certificates made straight in the database, as issuing leaves them, and a file that looks sealed.
import { createHash } from 'node:crypto'
import type { CertificateKind } from '../../db/enums.ts'
import { codeOf } from '../../lib/certificates/rules.ts'
import { testSigner } from './signing.ts'

/** One that nobody has: letters and digits in order. */
let serial = 0
const nextCode = () => {
  serial += 1
  const bytes = Buffer.alloc(10, 0xa5)
  bytes.writeUInt32BE(serial, 6)
  return codeOf(bytes)
}

/** Whom it names, which nobody who checks it is told. */
export const NAMED = {
  firstName: 'Mirela',
  lastName: 'Dervishi-Kryeziu',
  fatherName: 'Agim',
  personalNumber: 'I15326478K',
}
export const ADDRESS = 'Rruga e Kavajës 91'

type Query = (text: string, values: unknown[]) => Promise<unknown>
type Certificate = {
  code?: string
  kind?: CertificateKind
  billerId?: number
  accountId?: string | null
  contracts: { id: number; code: string; principal?: number; tvTax?: number; interest?: number }[]
  /** Of a business, its NIPT. */
  nipt?: string
  asOf?: Date
  file?: Buffer
}

const INSERT = `with key as (
    insert into sealing_certificates values ('a-key-of-the-tests', $10, now()) on conflict do nothing)
  insert into certificates (number, code, biller_id, kind, account_id, initials, content, as_of, subject, contract_ids,
    last_invoice_id, file_hash, sealed_by)
  select 'VD-2026-' || lpad((select coalesce(max(serial), 0) + 1 from certificates)::text, 6, '0'), $1, $2, $3, $4, 'M. A. D.-K.', $5,
    $6, $7, $8, (select coalesce(max(id), 0) from invoices where contract_id = any ($8)), $9, 'a-key-of-the-tests'
  on conflict (code) do nothing`

/** Its code. `query`: of a pool, or of a portal's database (`rows`). */
export async function addCertificate(query: Query, of: Certificate): Promise<string> {
  const {
    kind = 'household',
    code = nextCode(),
    billerId = 1,
    accountId = null,
    nipt,
    asOf = new Date(),
  } = of
  const contracts = of.contracts.map(({ code, principal = 0, tvTax = 0, interest = 0 }) => ({
    ...{ code, principal, tvTax, interest, address: ADDRESS },
    total: principal + tvTax + interest,
  }))
  const sum = (name: 'principal' | 'tvTax' | 'interest' | 'total') =>
    contracts.reduce((all, one) => all + one[name], 0)
  const total = {
    principal: sum('principal'),
    tvTax: sum('tvTax'),
    interest: sum('interest'),
    total: sum('total'),
  }
  const content = { kind, code, person: NAMED, business: null, contracts, total }
  const subject = nipt ? `business:${nipt}` : `contract:${of.contracts[0]!.id}`
  const hash = createHash('sha256')
    .update(of.file ?? code)
    .digest('hex')
  const ids = of.contracts.map(({ id }) => id)
  const [key] = testSigner('next').chain
  await query(INSERT, [
    code,
    billerId,
    kind,
    accountId,
    JSON.stringify(content),
    asOf,
    subject,
    ids,
    hash,
    key,
  ])
  return code
}

/** A PDF whose one range covers all of it but a seal, which is of nobody. */
export function sealedLike(words: string): Buffer {
  const [head, seal, tail] = [`%PDF-1.7\n% ${words}\n`, '<3000>', '\n%%EOF\n']
  const range = (start: number) =>
    `/ByteRange [0 ${String(start).padStart(4)} ${String(start + seal.length).padStart(4)} ${tail.length}] /Contents `
  const before = head + range(head.length + range(0).length)
  return Buffer.from(before + seal + tail)
}
