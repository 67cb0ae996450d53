// What a portal's log must never hold: what its database knows of people, what links and codes they were sent, and what they asked for by
// addresses.
import { expect } from 'playwright/test'
import { linesOf, wordsIn, wordsOfAddress } from './log-search.ts'
import { rows } from './postgres.ts'
import { listRoutes } from './routes.ts'

/** What the database knows of people and their contracts, and whose session is whose. */
const KNOWN = `
  select unnest(array[username, email, phone, personal_number, first_name, last_name]) as word from accounts
  union select unnest(array[username, email, phone, personal_number, first_name, last_name]) from registrations
  union select unnest(array[code, holder_first_name, holder_last_name, holder_father_name, holder_personal_number, business_name,
    business_number, address, phone, meter_number]) from contracts
  union select unnest(array[number, payment_reference, nivf, nslf]) from invoices
  union select id::text from sessions
  union select email from cases`

/** `asked`: addresses that were. */
export async function expectNothingPersonal(
  { output, url, databaseUrl }: { output: () => string; url: string; databaseUrl: string },
  asked: Iterable<string>,
): Promise<void> {
  const sent = await (await fetch(`${url}/outbox`)).text()
  const known = await rows<{ word: string | null }>(databaseUrl, KNOWN)
  const words = [
    ...known.flatMap(({ word }) => word ?? []),
    ...[...asked].flatMap(wordsOfAddress),
    ...(sent.match(/(?<=\/)[\w-]{16,}(?=["<\s])|\b\d{6}\b/g) ?? []),
  ]
  const lines = linesOf(output())
  expect(words.length, 'what is looked for').toBeGreaterThan(100)
  expect(wordsIn(lines, words), 'what the log must not hold').toEqual([])
  const routes = new Set(lines.flatMap(({ route }) => (typeof route === 'string' ? route : [])))
  const patterns = ['unmatched', 'file', '/api/health', '/api/ready', ...listRoutes().map(({ path }) => path)]
  expect(
    [...routes].filter(route => !patterns.includes(route)),
    'routes',
  ).toEqual([])
}
