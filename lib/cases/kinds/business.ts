// A business that a person says is theirs. Accepted, its contracts with that biller are the person's as a holder.
import { and, eq, sql } from 'drizzle-orm'
import { accounts } from '../../../db/schema/accounts.ts'
import { billers } from '../../../db/schema/billers.ts'
import { cases } from '../../../db/schema/cases.ts'
import { contracts } from '../../../db/schema/contracts.ts'
import { confirmBusiness, removeBusiness } from '../../accounts/businesses.ts'
import { foldName } from '../../platform/names.ts'
import { ok } from '../../platform/result.ts'
import { businessForm } from '../forms.ts'
import { type Case, decide, kind } from '../kind.ts'

const businessOf = ({ billerId, uniqueAs }: Case) => ({ billerId, number: uniqueAs! })

export const business = kind({
  queue: 'registrations',
  form: businessForm,
  about: async (db, { biller: code, nipt: { number }, businessName, legalRepresentative }) => {
    const [biller] = await db.select({ id: billers.id }).from(billers).where(eq(billers.code, code))
    return ok({
      billerId: biller!.id,
      title: businessName,
      about: number,
      uniqueAs: number,
      answers: { biller: code, nipt: number, businessName, legalRepresentative },
    })
  },
  taken: 'businessAdded',
  moves: {
    ...decide(
      {
        effect: (tx, one, { now }) => confirmBusiness(tx, one.accountId!, businessOf(one), now),
        tells: '/contracts/add',
      },
      { tells: '/account/business' },
    ),
    withdraw: { by: 'owner', effect: (tx, one) => removeBusiness(tx, one.accountId!, businessOf(one)) },
  },
  compared: async (db, one) => {
    const [row] = await db
      .select({ name: sql<string | null>`min(${contracts.businessName})` })
      .from(contracts)
      .where(and(eq(contracts.businessNumber, one.uniqueAs!), eq(contracts.billerId, one.billerId)))
    const name = row?.name ?? null
    return [
      {
        label: 'name',
        fields: ['businessName'],
        claimed: one.title,
        recorded: name ?? { text: 'unknown' },
        agrees: name === null ? undefined : foldName(name) === foldName(one.title),
      },
    ]
  },
  facts: async (db, one) => {
    const [row] = await db
      .select({
        name: sql<string>`${accounts.firstName} || ' ' || ${accounts.lastName}`,
        contracts: sql<number>`(select count(*)::int from ${contracts} c where c.business_number = ${cases.uniqueAs}
          and c.biller_id = ${cases.billerId})`,
      })
      .from(cases)
      .innerJoin(accounts, eq(accounts.id, cases.accountId))
      .where(eq(cases.id, one.id))
    return [
      { label: 'account', value: row!.name },
      { label: 'contracts', value: String(row!.contracts) },
    ]
  },
})
