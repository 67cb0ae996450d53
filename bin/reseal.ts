// `npm run reseal`: seals what is kept for long under AUTH_SECRET, so that AUTH_SECRET_PREVIOUS can be given up. The
// portal may run meanwhile.
import { resealTwoFactors } from '../lib/auth/two-factor.ts'
import { resealRefusals } from '../lib/contracts/refusals.ts'
import { resealDocuments } from '../lib/files/resealing.ts'
import { resealLinkEmails } from '../lib/payments/pay-link-commands.ts'
import { clock } from '../lib/platform/clock.ts'
import { database } from '../lib/platform/database.ts'
import { env } from '../lib/platform/env.ts'
import { becomeOwnerOf } from './owner.ts'
import { shownError } from './shown.ts'

try {
  if (!env().DATABASE_URL) throw new Error('The setting DATABASE_URL is missing.')
  // What root writes there nobody else could read.
  if (env().STORAGE === 'disk') becomeOwnerOf(env().DATA_DIR)
  const twoFactors = await resealTwoFactors()
  const refusals = await resealRefusals()
  const links = await resealLinkEmails()
  const documents = await resealDocuments(clock.now())
  await database().$client.end()
  console.log(
    `Sealed anew: ${twoFactors.sealed} second steps, ${refusals.sealed} refusals, ${links.sealed} addresses for receipts, ${documents.sealed} documents.`,
  )
  const unreadable = twoFactors.unreadable + refusals.unreadable + links.unreadable + documents.unreadable
  if (unreadable > 0) {
    console.error(
      `${unreadable} do not open: their secret is not among AUTH_SECRET and AUTH_SECRET_PREVIOUS.`,
    )
    process.exitCode = 1
  }
} catch (error) {
  console.error(`Not everything was sealed anew. ${shownError(error)}`)
  process.exitCode = 1
}
