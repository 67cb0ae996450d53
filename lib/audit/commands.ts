// Finds what somebody types, to look it up in the audit log; that it was looked for is written down, not what was typed.
import { and, sql } from 'drizzle-orm'
import { accounts } from '../../db/schema/accounts.ts'
import { identifiedBy, identifierKey } from '../accounts/identify.ts'
import { readContractCode } from '../billers/contract-codes.ts'
import { isCustomerOf } from '../contracts/access.ts'
import { okOnce } from '../forms/answers.ts'
import type { Input } from '../forms/form.ts'
import { recordEvent } from '../platform/audit.ts'
import { database } from '../platform/database.ts'
import { fail, type Result } from '../platform/result.ts'
import { readCode } from '../platform/typed.ts'
import type { About } from './chosen.ts'
import type { auditForm } from './forms.ts'
import { contractsInScope, type Reader } from './scope.ts'
import { caseOfNumber } from './subjects.ts'

type Missed = 'noAccount' | 'noContract' | 'noCase'

/** What is looked up, by its id; whatever is not for them is as if there were none. */
export const searchAudit = (
  reader: Reader,
  { identifier, biller, contractCode, caseNumber }: Input<typeof auditForm>,
  now: Date,
): Promise<Result<About, Missed>> =>
  database().transaction(async tx => {
    const record = async (by: string, about?: About) =>
      recordEvent(tx, {
        accountId: reader.id,
        action: 'audit.searched',
        details: { by, found: about !== undefined },
        at: now,
      })
    if (identifier) {
      const key = identifierKey(identifier)
      const [account] = await tx
        .select({ id: accounts.id })
        .from(accounts)
        .where(and(identifiedBy(key), isCustomerOf(reader.billerIds), sql`${accounts.id} <> ${reader.id}`))
      const about = account && { account: account.id }
      await record(key.column, about)
      return about ? okOnce(tx, about) : fail('noAccount')
    }
    const which = contractCode
      ? sql`(select contracts.id::text from contracts join billers on billers.id = contracts.biller_id
          where billers.code = ${biller} and contracts.code = ${readContractCode(biller!, contractCode) ?? ''}
            and ${contractsInScope(reader)})`
      : caseOfNumber(reader, readCode(caseNumber ?? '').toUpperCase())
    const { rows } = await tx.execute<{ id: string | null }>(sql`select ${which} as id`)
    const id = rows[0]?.id
    const about: About | undefined = id ? (contractCode ? { contract: Number(id) } : { case: id }) : undefined
    await record(contractCode ? 'contract' : 'case', about)
    if (about) return okOnce(tx, about)
    return fail(contractCode ? 'noContract' : 'noCase')
  })
