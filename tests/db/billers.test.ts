// Billers are data: what db/billers.ts says of them stands in the database after its migrations, new ones too.
import { eq } from 'drizzle-orm'
import { expect, it } from 'vitest'
import type { Biller } from '../../db/billers/biller.ts'
import { addBillers, type BillerCode, billers as known } from '../../db/billers.ts'
import { billers, interestTerms } from '../../db/schema/billers.ts'
import { testDatabase } from '../support/database.ts'

const db = await testDatabase()

const rowOf = (
  code: string,
  {
    interest: _,
    regulator: __,
    contractCodes: ___,
    tariffGroups: ____,
    codeOnPaper: _____,
    supplies: ______,
    requests: _______,
    certificates: ________,
    logo: _________,
    partialPayments: __________,
    ...biller
  }: Biller,
) => ({
  code,
  contactPhone: null,
  contactEmail: null,
  legalName: null,
  businessNumber: null,
  address: null,
  ...biller,
})

const termsOf = (billerId: number) =>
  db.select().from(interestTerms).where(eq(interestTerms.billerId, billerId))

it('has a row for each, as it is declared, and its terms of interest', async () => {
  const rows = await db.select().from(billers).orderBy(billers.id)
  const declared = Object.entries(known).map(([code, biller]) => rowOf(code, biller))
  expect(rows).toEqual(declared.sort((one, other) => one.id - other.id))
  for (const biller of Object.values(known)) expect(await termsOf(biller.id)).toMatchObject([biller.interest])
})

it('adds a new one, once, and leaves what a deployment corrected in another', async () => {
  await db.update(billers).set({ contactPhone: '042 000 000' }).where(eq(billers.code, 'oshee'))
  const added: Biller = {
    ...known.kesco,
    id: 999,
    name: 'Ujësjellësi',
    interest: { ...known.oshee.interest },
  }
  const client = await db.$client.connect()
  try {
    for (let start = 0; start < 2; start += 1)
      await addBillers(client, { ...known, 'water-prishtina': added })
  } finally {
    client.release()
  }
  const rows = await db.select().from(billers).orderBy(billers.id)
  expect(rows).toHaveLength(Object.keys(known).length + 1)
  expect(rows[0]!.contactPhone).toBe('042 000 000')
  expect(rows.at(-1)).toEqual(rowOf('water-prishtina' as BillerCode, added))
  expect(await termsOf(999)).toMatchObject([added.interest])
})

it('heads the documents of billers whose rows are older than that, and leaves what a deployment wrote', async () => {
  const headOf = async (code: BillerCode) =>
    (await db.select().from(billers).where(eq(billers.code, code)))[0]!
  const none = { legalName: null, businessNumber: null, address: null }
  await db.update(billers).set(none).where(eq(billers.code, 'oshee'))
  await db
    .update(billers)
    .set({ ...none, address: 'Prizren' })
    .where(eq(billers.code, 'kesco'))
  const client = await db.$client.connect()
  try {
    await addBillers(client)
  } finally {
    client.release()
  }
  expect(await headOf('oshee')).toMatchObject({ businessNumber: known.oshee.businessNumber })
  expect(await headOf('kesco')).toMatchObject({ ...none, address: 'Prizren' })
})
