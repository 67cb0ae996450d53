// Where staff see a contract and an account, and what counts of a look.
import { type BillerCode, readContractAddress } from '../billers/contract-codes.ts'

export const LOOKUP_PATH = '/staff/customers'
export const customerPath = (accountId: string): string => `${LOOKUP_PATH}/${accountId}`
export const contractPath = (biller: string, code: string): string => `/staff/contracts/${biller}/${code}`
export const contactsPath = (biller: string, code: string): string => `${contractPath(biller, code)}/contacts`

/** What a look is at: a contract by its codes, or an account by its id. */
export type Subject = { biller: BillerCode; code: string } | { account: string }

export const pathOf = (subject: Subject): string =>
  'account' in subject ? customerPath(subject.account) : contractPath(subject.biller, subject.code)

/** What a form was shown for, in its sealed words, and back. */
export const asShown = (subject: Subject): Record<string, string> => ({ ...subject })
export function fromShown(shown: Record<string, string | undefined>): Subject | undefined {
  const { biller = '', code = '', account } = shown
  return account === undefined ? readContractAddress({ biller, code }) : { account }
}

/** What is found has so many minutes; what was masked is shown for so many of them. */
export const LOOK_MINUTES = 30
export const UNMASKED_MINUTES = 10

/** Messages know their contract since this day. */
export const MESSAGES_SINCE = '2026-11-27'
