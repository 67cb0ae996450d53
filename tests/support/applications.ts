// Applications for debt certificates, as customers send them.
import { randomUUID } from 'node:crypto'
import type { accounts } from '../../db/schema/accounts.ts'
import { fileCase } from '../../lib/cases/filing.ts'
import { certificateForm } from '../../lib/certificates/forms.ts'
import { clock } from '../../lib/platform/clock.ts'
import { mustRead } from './read-form.ts'

const OF_BUSINESS = ['nipt', 'confirmNipt', 'businessName', 'legalRepresentative', 'holder']

/** Of a contract of KESCO, for a household: of the record's holder one is issued at once. Its id. */
export async function applyForHousehold(
  { id, firstName, lastName, personalNumber }: typeof accounts.$inferSelect,
  contract: { code: string },
): Promise<string> {
  const typed = {
    ...{ kind: 'household', biller: 'kesco', contractCode: contract.code, language: 'sq', intent: 'apply' },
    ...{ firstName, lastName, fatherName: 'Agim', personalNumber, confirmPersonalNumber: 'on' },
  }
  const input = mustRead(certificateForm, typed, OF_BUSINESS)
  const filing = { owner: { accountId: id }, documentIds: [], idempotencyKey: randomUUID() }
  const filed = await fileCase(input.kind, input, filing, clock.now())
  if (!filed.ok) throw new Error(filed.code)
  return filed.value
}
