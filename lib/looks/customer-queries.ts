// An account as staff see it: whose it is, masked until they ask, its contracts with their billers, and how it stands.
import { and, eq, inArray, sql } from 'drizzle-orm'
import { type Country, openStates } from '../../db/enums.ts'
import { accounts, knownDevices } from '../../db/schema/accounts.ts'
import { sessions } from '../../db/schema/auth.ts'
import { billers } from '../../db/schema/billers.ts'
import { cases } from '../../db/schema/cases.ts'
import { contractAccess } from '../../db/schema/contract-access.ts'
import { contracts } from '../../db/schema/contracts.ts'
import { isKeptOut } from '../accounts/sign-in.ts'
import type { Staff } from '../auth/staff.ts'
import type { BillerCode } from '../billers/contract-codes.ts'
import { isOthersCase } from '../cases/scope.ts'
import { type AccessLevel, accessLevel } from '../contracts/access.ts'
import { MASK } from '../contracts/rules.ts'
import { database } from '../platform/database.ts'
import type { Currency } from '../platform/money.ts'
import { type CaseOf, getDueOf } from './contract-queries.ts'
import { type Look, openLookJson, recordLook } from './looks.ts'
import { accountInScope, contractsInScope } from './scope.ts'

type ListedContract = {
  id: number
  biller: BillerCode
  billerName: string
  country: Country
  currency: Currency
  code: string
  closedOn: string | null
  /** Null: by the personal number it is theirs, and they have not added it. */
  level: AccessLevel | null
  removed: boolean
}

const contractsJson = (staff: Staff) => sql<
  ListedContract[]
>`(select coalesce(json_agg(json_build_object('id', ${contracts.id},
    'biller', ${billers.code}, 'billerName', ${billers.name}, 'country', ${billers.country}, 'currency', ${billers.currency}, 'code', ${contracts.code}, 'closedOn', ${contracts.closedOn},
    'level', case when ${contractAccess.accountId} is not null then ${accessLevel} end, 'removed', ${contractAccess.removedAt} is not null)
    order by ${billers.id}, ${contracts.code}), '[]')
  from ${contracts} join ${billers} on ${billers.id} = ${contracts.billerId}
  left join ${contractAccess} on ${contractAccess.contractId} = ${contracts.id} and ${contractAccess.accountId} = ${accounts.id}
  where ${contracts.id} in ${contractsInScope(staff)})`

const openCasesJson = (staff: Staff) => sql<
  CaseOf[]
>`(select coalesce(json_agg(json_build_object('id', ${cases.id},
    'queue', ${cases.queue}, 'kind', ${cases.kind}, 'number', ${cases.number}, 'state', ${cases.state}, 'createdAt', ${cases.createdAt})
    order by ${cases.createdAt} desc), '[]')
  from ${cases} where ${cases.accountId} = ${accounts.id} and ${inArray(cases.billerId, staff.billerIds)}
    and ${inArray(cases.state, [...openStates])} and ${isOthersCase(staff)})`

/** An account for a member of staff; undefined where it is not for them. Without a look that is not over nothing of it. */
export async function getCustomerForStaff(staff: Staff, id: string, now: Date) {
  const db = database()
  const [row] = await db
    .select({
      id: accounts.id,
      look: sql<Look | null>`look.json`,
      person: {
        firstName: accounts.firstName,
        lastName: accounts.lastName,
        personalNumber: accounts.personalNumber,
        username: accounts.username,
        phone: accounts.phone,
        email: accounts.email,
      },
      emailVerifiedAt: accounts.emailVerifiedAt,
      language: accounts.language,
      createdAt: accounts.createdAt,
      lastSignIn: sql<
        string | null
      >`(select max(${sessions.createdAt}) from ${sessions} where ${sessions.accountId} = ${accounts.id})`,
      devices: sql<number>`(select count(*)::int from ${knownDevices} where ${knownDevices.accountId} = ${accounts.id})`,
      contracts: contractsJson(staff),
      cases: openCasesJson(staff),
    })
    .from(accounts)
    .crossJoinLateral(
      sql`(select ${openLookJson(staff, sql`account_id = ${accounts.id}`, now)} as json) look`,
    )
    .where(and(eq(accounts.id, id), accountInScope(staff)))
  if (!row) return undefined
  const { look, person, lastSignIn, contracts: listed, ...account } = row
  if (!look) return { look }
  await recordLook(db, staff, look, 'viewed', now)
  const isLocked = await isKeptOut({ ...person, emailVerifiedAt: row.emailVerifiedAt })
  const due = await getDueOf(
    staff,
    listed.map(contract => contract.id),
    now,
  )
  const { firstName, lastName, ...identifiers } = person
  const shown = { name: `${firstName} ${lastName}`, ...identifiers }
  const masked = Object.fromEntries(Object.keys(shown).map(field => [field, MASK])) as typeof shown
  return {
    ...account,
    look,
    person: look.unmasked ? shown : masked,
    /** `due`: what is due today, in minor units. */
    contracts: listed.map(contract => ({ ...contract, due: due.get(contract.id) ?? 0 })),
    isLocked,
    lastSignIn: lastSignIn === null ? null : new Date(lastSignIn),
  }
}

export type CustomerForStaff = Exclude<
  NonNullable<Awaited<ReturnType<typeof getCustomerForStaff>>>,
  { look: null }
>
