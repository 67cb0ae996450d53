// A portal whose billers have accounts at both simulated banks, each at an origin of its own; all that the portal is sent is kept, and
// after every walk searched, with its log and its database, for what must never be there.
import type { Page } from 'playwright/test'
import { freePort } from '../../db/embedded.ts'
import { expect, test as portalTest, rows, useAndSearch } from './portal.ts'
import { cloneDemonstration, type Portal, startPortal } from './portal-process.ts'
import { openRelay } from './relay.ts'
import { startBanks } from './simulators/accounts.ts'

export type Banks = Awaited<ReturnType<typeof startBanks>> & {
  /** Every request that the portal got, whole. */
  received: string[]
}

/** Card numbers that were typed at a bank's page, and words that no log may have. */
const typed = new Set<string>()
const unloggable = new Set<string>()

/** Has a word, a name or a token, looked for in the portal's log after the test. */
export const keepFromLog = (...words: string[]): void => words.forEach(word => void unloggable.add(word))

export async function typeCard(page: Page, number: string): Promise<void> {
  typed.add(number)
  await page.locator('#cardNumber').fill(number)
}

export const test = portalTest.extend<{ searched: undefined }, { banks: Banks; portal: Portal }>({
  banks: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern
    async ({}, use) => {
      const banks = await startBanks()
      await use({ ...banks, received: [] })
      await banks.stop()
    },
    { scope: 'worker' },
  ],
  portal: [
    async ({ banks }, use) => {
      const database = await cloneDemonstration()
      await addAccounts(database.url, banks)
      const port = await freePort()
      // Banks and browsers come by the same line.
      const line = await openRelay({ to: `http://localhost:${port}`, received: banks.received })
      const portal = await startPortal(database.url, {
        port,
        APP_URL: line.url,
        GATEWAY_SECRETS: JSON.stringify(banks.secrets),
        LOG_LEVEL: 'debug',
      })
      await useAndSearch({ ...portal, url: line.url }, use).finally(async () => {
        await line.close()
        await portal.stop()
      })
      await database.drop()
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  searched: [
    async ({ banks, portal }, use) => {
      await use(undefined)
      banks.nestpay.faults.apiStatus = undefined
      const received = banks.received.join('\n')
      const words = [...typed, ...[...typed].map(number => number.match(/.{4}/g)!.join(' '))]
      for (const word of words) expect(received).not.toContain(word)
      expect(await tablesWith(portal.databaseUrl, [...words, ...MASKED]), 'a card in the database').toEqual(
        [],
      )
      const log = portal.output()
      for (const word of [...words, ...unloggable, ...secretsOf(banks)]) expect(log).not.toContain(word)
    },
    { auto: true },
  ],
})

/** Has new payments go to the simulated banks. */
export const addAccounts = (databaseUrl: string, { accounts }: Pick<Banks, 'accounts'>) =>
  rows(databaseUrl, ADD_ACCOUNTS, [JSON.stringify(accounts)])

const ADD_ACCOUNTS = `insert into gateway_accounts
    (code, gateway, biller_id, currency, merchant_id, checkout_url, api_url, checkout_origins, takes_payments)
  select a.code, a.gateway, b.id, a.currency, a."merchantId", a."checkoutUrl", a."apiUrl", coalesce(a."checkoutOrigins", '{}'), true
  from json_to_recordset($1) as a (code text, gateway text, biller text, currency text, "merchantId" text, "checkoutUrl" text,
    "apiUrl" text, "checkoutOrigins" text[])
  join billers b on b.code = a.biller`

/** As the banks' answers name cards. */
const MASKED = ['4000 00** **** 0010', '400000***0010', '400000******0002', 'A HOLDER']

/** What only banks and the portal know, as far as it was sent to and fro. */
const secretsOf = ({ secrets, received, raiaccept }: Banks): string[] => [
  ...Object.values(secrets).flatMap(({ storeKey = [], apiPassword }) => [storeKey, apiPassword!].flat()),
  ...raiaccept.tokens,
  ...raiaccept.orders.flatMap(({ session }) => session?.id ?? []),
  // As they came, and as they are read.
  ...[...received.join('\n').matchAll(/(?:[\n&]HASH|session-token)=([^&;\n]+)/g)].flatMap(([, secret]) => [
    secret!,
    decodeURIComponent(secret!),
  ]),
]

/** Names of the tables that have one of the words anywhere, also as bytes. */
async function tablesWith(url: string, words: string[]): Promise<string[]> {
  const tables = await rows<{ name: string }>(
    url,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const patterns = words.flatMap(word => [word, Buffer.from(word).toString('hex')])
  const found = await rows<{ name: string }>(
    url,
    tables
      .map(
        ({ name }) =>
          `select '${name}' as name where exists (select from ${name} x where x::text like any ($1::text[]))`,
      )
      .join(' union all '),
    [patterns.map(pattern => `%${pattern}%`)],
  )
  return found.map(({ name }) => name)
}
