// `npm run feed-token -- --biller CODE`: makes, lists and revokes the tokens with which a biller's system sends its feeds.
import { parseArgs } from 'node:util'
import { type BillerCode, billerCodes } from '../lib/billers/contract-codes.ts'
import { listTokens, makeToken, revokeToken } from '../lib/feed/tokens.ts'
import { clock } from '../lib/platform/clock.ts'
import { runCommand } from './command.ts'
import { shown, shownError, tableLines } from './shown.ts'

const USAGE = `Usage: npm run feed-token -- --biller CODE [--list | --revoke ID]

  --biller CODE   one of ${billerCodes.join(', ')}; without more, makes a token and shows it, once
  --list          the biller's tokens: when they were made, last used and revoked
  --revoke ID     the token counts no longer

A biller may have several: make the new one, have the biller's system use it, then revoke the old one.

Ends with 0 when it was done, 1 when not, 2 when it was called wrongly.`

type Call = { biller: BillerCode; list: boolean; revoke: number | undefined }

/** What was asked for, or a sentence about what is wrong with it. */
function readCall(): Call | string {
  try {
    const { values } = parseArgs({
      options: {
        biller: { type: 'string' },
        list: { type: 'boolean', default: false },
        revoke: { type: 'string' },
      },
    })
    if (!values.biller) return 'The biller is missing.'
    const biller = billerCodes.find(code => code === values.biller)
    if (!biller) return `There is no biller ${shown(values.biller)}.`
    if (values.list && values.revoke !== undefined) return 'Do one thing at a time.'
    if (values.revoke !== undefined && !/^\d{1,9}$/.test(values.revoke))
      return `${shown(values.revoke)} is no number of a token; --list shows them.`
    return {
      biller,
      list: values.list,
      revoke: values.revoke === undefined ? undefined : Number(values.revoke),
    }
  } catch (error) {
    return shownError(error)
  }
}

const timeOf = (at: Date | null) => (at ? at.toISOString().slice(0, 16).replace('T', ' ') : '–')

/** Prints what was done; returns the exit code. */
async function perform({ biller, list, revoke }: Call): Promise<number> {
  if (list) {
    const tokens = await listTokens(biller)
    const rows = tokens.map(one => [
      String(one.id),
      timeOf(one.createdAt),
      timeOf(one.lastUsedAt),
      timeOf(one.revokedAt),
    ])
    for (const line of tableLines([['token', 'made (UTC)', 'last used', 'revoked'], ...rows]))
      console.log(line)
    return 0
  }
  if (revoke !== undefined) {
    const revoked = await revokeToken(biller, revoke, clock.now())
    console.log(revoked.ok ? 'Done.' : `${biller} has no such token, or it was revoked before.`)
    return revoked.ok ? 0 : 1
  }
  const { id, token } = await makeToken(biller, clock.now())
  console.log(`Token ${id} of ${biller}; it is shown this once:\n\n${token}`)
  return 0
}

await runCommand(readCall(), USAGE, perform)
