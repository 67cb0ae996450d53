// What whoever was given a certificate is told of it, by its code and by its file; and who guesses codes is kept from it.
import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { auditEvents } from '../../db/schema/audit.ts'
import { certificateFiles, certificates } from '../../db/schema/certificates.ts'
import { rateLimits } from '../../db/schema/limits.ts'
import { sealedCertificate } from '../../lib/certificates/certificate-pdf.ts'
import {
  certificateFile,
  checkCode,
  checkFile,
  checkForm,
  fileCheckedAt,
  findCertificate,
} from '../../lib/certificates/checking.ts'
import { certificateCheckForm } from '../../lib/certificates/forms.ts'
import { forgetCertified, issueCertificate } from '../../lib/certificates/issuing.ts'
import { type CertificateContent, groupedCode } from '../../lib/certificates/schema.ts'
import { limits } from '../../lib/platform/limits.ts'
import { addCase } from '../support/cases.ts'
import { testDatabase } from '../support/database.ts'
import { pdf, png } from '../support/files.ts'
import { ADDRESS, addCertificate, NAMED, sealedLike } from '../support/issued-certificates.ts'
import { makeAccount, makeContract, makeInvoices } from '../support/people.ts'
import { mustRead } from '../support/read-form.ts'
import { signingFile, testSigner } from '../support/signing.ts'

process.env.CERTIFICATE_KEY_FILE = process.env.CERTIFICATE_CHAIN_FILE = signingFile('current')
process.env.LIMIT_CERTIFICATE_MISSES_PER_ADDRESS = '3'
process.env.LIMIT_CERTIFICATE_FILES_PER_ADDRESS = '4'
const db = await testDatabase()
const query = (text: string, values: unknown[]) => db.$client.query(text, values)
const NOW = new Date('2026-11-24T10:20:00Z')
const HERE = { address: '192.0.2.7' }
const NOBODYS = '0'.repeat(16)
const validity = async (code: string) => (await findCertificate(code))!.validity

beforeEach(async () => {
  await db.delete(rateLimits)
})

describe('what it says', () => {
  it('is what the paper says, by contract and in all, and names nobody', async () => {
    const contract = await makeContract(db, { billerId: 1 })
    const other = await makeContract(db, { billerId: 1 })
    const debt = { principal: 247_281, tvTax: 10_000, interest: 1234 }
    const code = await addCertificate(query, {
      contracts: [{ ...contract, ...debt }, other],
      asOf: new Date('2026-11-24T08:44:00Z'),
    })
    const found = (await findCertificate(code))!
    expect(found).toMatchObject({
      kind: 'household',
      initials: 'M. A. D.-K.',
      asOf: new Date('2026-11-24T08:44:00Z'),
      biller: { name: 'OSHEE', currency: 'ALL', timeZone: 'Europe/Tirane' },
      contracts: [
        { code: contract.code, ...debt, total: 258_515 },
        { code: other.code, total: 0 },
      ],
      total: { ...debt, total: 258_515 },
      validity: 'valid',
    })
    const told = JSON.stringify(found)
    for (const word of [...Object.values(NAMED), ADDRESS]) expect(told).not.toContain(word)
  })

  it('is nothing where no certificate has the code', async () => {
    expect(await findCertificate(NOBODYS)).toBeUndefined()
  })
})

describe('whether it is valid', () => {
  it('ends with the next invoice of the contract, and not with another’s', async () => {
    const contract = await makeContract(db)
    await makeInvoices(db, contract, [{ principal: 1000 }])
    const code = await addCertificate(query, { contracts: [contract] })
    await makeInvoices(db, await makeContract(db), [{ principal: 1000 }])
    expect(await validity(code)).toBe('valid')
    await makeInvoices(db, contract, [{ principal: 2000, number: `${contract.code}-next` }])
    expect(await validity(code)).toBe('expired')
  })

  it('ends for a business with the first invoice of a contract that it has got since', async () => {
    const nipt = 'J91402501L'
    const contract = await makeContract(db, { billerId: 1, businessNumber: nipt })
    await makeInvoices(db, contract, [{ principal: 1000 }])
    const business = { kind: 'private' as const, nipt, contracts: [contract] }
    const code = await addCertificate(query, business)
    const household = await addCertificate(query, { contracts: [contract] })
    const elsewhere = await makeContract(db, { billerId: 2, businessNumber: nipt })
    await makeInvoices(db, elsewhere, [{ principal: 1000 }])
    const added = await makeContract(db, { billerId: 1, businessNumber: nipt })
    expect(await validity(code)).toBe('valid')
    await makeInvoices(db, added, [{ principal: 1000 }])
    expect([await validity(code), await validity(household)]).toEqual(['expired', 'valid'])
  })

  it('ends once there is a newer one, and once staff withdraw it, whatever else is true', async () => {
    const contract = await makeContract(db)
    const code = await addCertificate(query, { contracts: [contract] })
    await makeInvoices(db, contract, [{ principal: 1000 }])
    await db.update(certificates).set({ supersededAt: NOW }).where(eq(certificates.code, code))
    expect(await validity(code)).toBe('superseded')
    await db.update(certificates).set({ revokedAt: NOW }).where(eq(certificates.code, code))
    expect(await findCertificate(code)).toMatchObject({ validity: 'revoked', revokedAt: NOW })
  })

  it('stays what it was after its account is closed, and the record names nobody then', async () => {
    const account = await makeAccount(db)
    const contract = await makeContract(db)
    const debt = { principal: 500, tvTax: 0, interest: 20 }
    const code = await addCertificate(query, { accountId: account.id, contracts: [{ ...contract, ...debt }] })
    const before = await findCertificate(code)
    await db.transaction(tx => forgetCertified(tx, account.id))
    expect(await findCertificate(code)).toEqual(before)
    const [row] = await db.select().from(certificates).where(eq(certificates.code, code))
    for (const word of [...Object.values(NAMED), ADDRESS])
      expect(JSON.stringify(row!.content)).not.toContain(word)
  })
})

describe('codes that nothing has', () => {
  it('are counted by address, of IPv6 by its network; a right one never is, and is answered in any case', async () => {
    const code = await addCertificate(query, { contracts: [await makeContract(db)] })
    for (let n = 0; n < 10; n += 1) expect(await checkCode(code, HERE.address)).toMatchObject({ ok: true })
    for (let n = 0; n < 3; n += 1)
      expect(await checkCode(NOBODYS, HERE.address)).toEqual({ ok: false, code: 'certificateUnknown' })
    const refused = { ok: false, code: 'wait', seconds: expect.any(Number) }
    expect(await checkCode(NOBODYS, HERE.address)).toEqual(refused)
    expect(await checkCode(code, HERE.address)).toMatchObject({ ok: true })
    expect(await checkCode(code, '192.0.2.8')).toMatchObject({ ok: true })
    for (const end of ['1', '2', '3']) await checkCode(NOBODYS, `2001:db8:0:1::${end}`)
    expect(await checkCode(NOBODYS, '2001:db8:0:1::4')).toEqual(refused)
  })

  it('are written down nowhere: of too many the log of events has the limit alone', async () => {
    for (let n = 0; n < 5; n += 1) await checkCode(NOBODYS, '192.0.2.9')
    const [event] = await db.select().from(auditEvents).where(eq(auditEvents.address, '192.0.2.9'))
    const events = await db.select().from(auditEvents)
    expect(events.filter(({ action }) => action === 'limit.met')).not.toEqual([])
    expect(JSON.stringify([event, events])).not.toContain(NOBODYS)
  })
})

const NOBODY = { address: null, browser: undefined }

describe('the form', () => {
  const asked = (typed: Record<string, string>) => mustRead(certificateCheckForm, typed)

  it('takes the code as people type it, or the file: one of both', async () => {
    const code = await addCertificate(query, { contracts: [await makeContract(db)] })
    const typed = asked({ code: groupedCode(code).toLowerCase() })
    expect(await checkForm(typed, [], NOBODY, NOW)).toEqual({ ok: true, value: { code } })
    const unknown = await checkForm(asked({ code: NOBODYS }), [], NOBODY, NOW)
    expect(unknown).toEqual({ ok: false, code: 'certificateUnknown' })
    expect(await checkForm(asked({}), [], NOBODY, NOW)).toEqual({ ok: false, code: 'codeOrFile' })
    expect(await checkForm(typed, [code], NOBODY, NOW)).toEqual({ ok: false, code: 'codeAndFile' })
  })

  it('says of a file that it was checked, for ten minutes, to the browser that sent it, and of its own certificate alone', async () => {
    const markOf = async (browser?: string) => {
      const answer = await checkForm(asked({}), [NOBODYS], { address: null, browser }, NOW)
      return answer.ok ? answer.value.mark : undefined
    }
    const mark = await markOf('a browser')
    const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)
    expect(fileCheckedAt(mark, NOBODYS, 'a browser', later(9))).toEqual(NOW)
    expect(fileCheckedAt(mark, NOBODYS, 'a browser', later(10))).toBeUndefined()
    expect(fileCheckedAt(mark, `1${NOBODYS.slice(1)}`, 'a browser', NOW)).toBeUndefined()
    for (const other of ['another', undefined])
      expect(fileCheckedAt(mark, NOBODYS, other, NOW)).toBeUndefined()
    expect(fileCheckedAt(await markOf(), NOBODYS, undefined, NOW)).toBeUndefined()
    for (const forged of [undefined, '', 'x'.repeat(100), [mark]])
      expect(fileCheckedAt(forged, NOBODYS, 'a browser', NOW)).toBeUndefined()
  })
})

describe('a file', () => {
  const file = sealedLike('a certificate')
  const sent = (bytes: Buffer, name = 'a.pdf') => {
    const form = new FormData()
    form.append('document', new File([new Uint8Array(bytes)], name))
    return form
  }

  it('is a certificate to its last byte, or is not', async () => {
    const code = await addCertificate(query, { contracts: [await makeContract(db)], file })
    expect(await checkFile(file)).toEqual({ code })
    const changed = Buffer.from(file)
    changed[12]! ^= 1
    const why = (bytes: Buffer) => checkFile(bytes)
    expect(await why(changed)).toEqual({ why: 'changed' })
    expect(await why(Buffer.concat([file, Buffer.from('\n')]))).toEqual({ why: 'partial' })
    expect(await why(Buffer.concat([file, file]))).toEqual({ why: 'partial' })
    expect(await why(pdf)).toEqual({ why: 'unsigned' })
    expect(await why(png)).toEqual({ why: 'notPdf' })
    expect(await why(Buffer.alloc(0))).toEqual({ why: 'notPdf' })
  })

  it('is what was issued, and not what was sealed and never issued, nor what is no more the same', async () => {
    const holder = await makeAccount(db)
    const contract = await makeContract(db, { billerId: 1, holder })
    await makeInvoices(db, contract, [{ principal: 1000 }])
    const caseId = await addCase(query, { biller_id: 1 })
    const application = { caseId, accountId: holder.id, billerId: 1, contractId: contract.id, person: NAMED }
    const of = { kind: 'household', locale: 'sq', business: null } as const
    const issued = await db.transaction(tx => issueCertificate(tx, { ...application, ...of }))
    const number = issued.ok ? issued.value.certificate : issued.code
    const [{ code, content, pdf } = expect.fail(number)] = await db
      .select({ code: certificates.code, content: certificates.content, pdf: certificateFiles.pdf })
      .from(certificates)
      .innerJoin(certificateFiles, eq(certificateFiles.certificateId, certificates.id))
      .where(eq(certificates.number, number))
    expect(await checkFile(pdf)).toEqual({ code })
    expect(await findCertificate(code)).toMatchObject({ number, validity: 'valid', initials: 'M. A. D.-K.' })
    const changed = Buffer.from(pdf)
    changed[200]! ^= 1
    expect(await checkFile(changed)).toEqual({ why: 'changed' })
    expect(await checkFile(Buffer.concat([pdf, Buffer.from(' ')]))).toEqual({ why: 'partial' })
    for (const name of ['current', 'stranger'] as const) {
      const other = { ...(content as CertificateContent), asOf: NOW, number: 'VD-2026-999999' }
      expect(await checkFile(await sealedCertificate(other, testSigner(name)))).toEqual({ why: 'notOurs' })
    }
  })

  it('is judged as it arrives: right, wrong, too large, none, or one too many', async () => {
    const code = await addCertificate(query, { contracts: [await makeContract(db)], file: pdf })
    const taken = async (form: FormData) => {
      const { ids, refused, seconds } = await certificateFile.take(HERE, form, NOW)
      return [ids, refused.map(({ error }) => error), seconds > 0]
    }
    const nothing = [[], [], false]
    expect(await taken(new FormData())).toEqual(nothing)
    expect(await taken(sent(Buffer.alloc(0), ''))).toEqual(nothing)
    expect(await taken(sent(Buffer.alloc(5_000_001)))).toEqual([[], ['documentsTooLarge'], false])
    expect(await taken(sent(pdf))).toEqual([[code], [], false])
    expect(await taken(sent(png))).toEqual([[], ['notPdf'], false])
    const two = sent(pdf)
    two.append('document', new File([new Uint8Array(png)], 'b.pdf'))
    expect(await taken(two)).toEqual([[], ['codeAndFile'], false])
    // A genuine one costs nothing.
    for (let n = 0; n < limits.certificateFiles().points - 1; n += 1) await taken(sent(png))
    expect(await taken(sent(png))).toEqual([[], [], true])
  })
})
