// The limits of forms: their names, how many tries, in how many seconds.
import { env } from './env.ts'
import type { Limit } from './rate-limits.ts'

const HOUR = 3600
const DAY = 24 * HOUR

/** Functions: settings are read when they are used. */
export const limits = {
  registrations: (): Limit => ({ name: 'register', points: env().LIMIT_REGISTER_PER_ADDRESS, seconds: HOUR }),
  disputes: (): Limit => ({ name: 'disputes', points: env().LIMIT_DISPUTES_PER_ADDRESS, seconds: HOUR }),
  businesses: (): Limit => ({ name: 'businesses', points: env().LIMIT_BUSINESSES_PER_DAY, seconds: DAY }),
  contractAdds: (): Limit => ({
    name: 'contract-adds',
    points: env().LIMIT_CONTRACT_ADDS_PER_HOUR,
    seconds: HOUR,
  }),
  contactCodes: (): Limit => ({
    name: 'contact-codes',
    points: env().LIMIT_CODE_SENDS_PER_HOUR,
    seconds: HOUR,
  }),
  copies: (): Limit => ({ name: 'own-data-copies', points: env().LIMIT_COPIES_PER_DAY, seconds: DAY }),
  drafts: (): Limit => ({ name: 'drafts', points: env().LIMIT_DRAFTS_PER_ADDRESS, seconds: HOUR }),
}
