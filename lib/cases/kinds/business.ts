// A business that a person says is theirs. Accepted, its contracts with that biller are the person's as a holder.
import { eq, sql } from 'drizzle-orm'
import { accounts } from '../../../db/schema/accounts.ts'
import { billers } from '../../../db/schema/billers.ts'
import { cases } from '../../../db/schema/cases.ts'
import { contracts } from '../../../db/schema/contracts.ts'
import { confirmBusiness, removeBusiness } from '../../accounts/businesses.ts'
import { wrongBusinessNumber } from '../../accounts/wrong-numbers.ts'
import { readBusinessNumber } from '../../platform/identifiers.ts'
import { fail, ok } from '../../platform/result.ts'
import { type Case, decide, kind } from '../kind.ts'
import type { BusinessInput } from '../schema.ts'

const businessOf = ({ billerId, uniqueAs }: Case) => ({ billerId, number: uniqueAs! })

export const business = kind({
  queue: 'registrations',
  about: async (db, input: BusinessInput) => {
    const { nipt: wrong } = wrongBusinessNumber(input)
    if (wrong) return fail(wrong as 'businessNumberForm' | 'businessNumberCheck')
    const { number } = readBusinessNumber(input.nipt)!
    const [biller] = await db.select({ id: billers.id }).from(billers).where(eq(billers.code, input.biller))
    const { businessName, legalRepresentative } = input
    return ok({
      billerId: biller!.id,
      title: businessName,
      about: number,
      uniqueAs: number,
      answers: { biller: input.biller, nipt: number, businessName, legalRepresentative },
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
