// The migration to recognised holders, on a database in use: what the old rules gave, and names as they are folded since.
import fs from 'node:fs'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { getContract } from '../../lib/contracts/queries.ts'
import { foldName } from '../../lib/platform/names.ts'
import { testDatabase } from '../support/database.ts'
import { giveAccess, makeAccount, makeContract, makeStaff } from '../support/people.ts'

const db = await testDatabase()
const folder = path.join(import.meta.dirname, '../../db/migrations')
const file = fs.readdirSync(folder).find(name => name.endsWith('_recognised-holders.sql'))!
/** The statements about data alone: the schema is there already. */
const statements = fs
  .readFileSync(path.join(folder, file), 'utf8')
  .split('--> statement-breakpoint')
  .filter(statement => /^(UPDATE|(CREATE|DROP) FUNCTION) /m.test(statement))

const migrate = () =>
  db.transaction(async tx => {
    for (const statement of statements) await tx.execute(sql.raw(statement))
  })

/** As foldName was before: Cyrillic stayed, đ became d, dj stayed. */
const foldedBefore = (name: string) =>
  name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd')

test.each([
  'Ђорђе Љубичић',
  'Djordje Ljubičić',
  'Ǆemal Ñandú',
  'Његош Џаџић',
  'Цвијета Шћепановић',
  'Ëngjëll Çela',
])('%s is stored as it is folded now, on both sides', async name => {
  const account = await makeAccount(db, { nameFolded: foldedBefore(name) })
  const contract = await makeContract(db, { holder: account })
  await giveAccess(db, account, contract)
  await migrate()
  const { rows } = await db.execute(sql`select a.name_folded as account, c.holder_name_folded as contract
      from accounts a, contracts c where a.id = ${account.id} and c.id = ${contract.id}`)
  expect(rows).toEqual([{ account: foldName(name), contract: foldName(name) }])
  expect(await getContract(account, 'kesco', contract.code)).toMatchObject({ level: 'holder' })
})

test('a holder of before is masked where the phone is not the biller’s; what a number opened is closed, approved stays', async () => {
  const account = await makeAccount(db)
  const contract = await makeContract(db, { holder: account, phone: null })
  const [prover, approved] = [await makeAccount(db), await makeAccount(db)]
  await giveAccess(db, account, contract)
  await giveAccess(db, prover, contract, { level: 'masked' })
  await giveAccess(db, approved, contract, { level: 'masked', holderDecision: 'approved' })
  await migrate()
  const levels = []
  for (const one of [account, prover, approved])
    levels.push((await getContract(one, 'kesco', contract.code))?.level)
  expect(levels).toEqual(['masked', 'amounts', 'masked'])
})

test('a business stays confirmed where the electricity supplier’s own staff did it, and waits for them where not', async () => {
  const owner = await makeAccount(db)
  const [ofKesco, ofUkt] = [await makeStaff(db, 'agent', [2]), await makeStaff(db, 'agent', [3])]
  const add = (number: string, country: string, state: string, decidedBy: string | null) =>
    db.execute(sql`insert into businesses (account_id, number, country, name, legal_representative, state, decided_by, decided_at, created_at)
      values (${owner.id}, ${number}, ${country}, 'D', 'D', ${state}, ${decidedBy}, ${decidedBy && new Date()}, now())`)
  await add('811000001', 'XK', 'granted', ofKesco.id)
  await add('L10000001A', 'AL', 'granted', ofUkt.id)
  await add('L10000002A', 'AL', 'refused', ofUkt.id)
  await migrate()
  const { rows } = await db.execute(
    sql`select number, biller_id as biller, state from businesses order by number`,
  )
  expect(rows).toEqual([
    { number: '811000001', biller: 2, state: 'granted' },
    { number: 'L10000001A', biller: 1, state: 'pending' },
    { number: 'L10000002A', biller: 1, state: 'refused' },
  ])
})
