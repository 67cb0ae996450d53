// Whether those whom the settings name answer as they should: databases, storage, mail server, scanner. Changes nothing there.
import pg from 'pg'
import { refusePooler } from '../../db/client.ts'
import { sentenceOf } from '../../db/errors.ts'
import { isMigrated } from '../../db/readiness.ts'
import { hasScanner, scan } from '../../lib/files/scanner.ts'
import { getFile, newStorageKey } from '../../lib/files/storage.ts'
import { verifyMailServer } from '../../lib/notifications/smtp.ts'
import { checkAccounts } from '../../lib/payments/accounts.ts'
import { closeDatabases } from '../../lib/platform/database.ts'
import type { Env } from '../../lib/platform/env.ts'

const LONGEST_MS = 15_000
const OLDEST_POSTGRESQL = 16

/** A sentence each. */
export async function connectionFaults(settings: Env): Promise<string[]> {
  const { SMTP_URL } = settings
  const asked = await Promise.all([
    databaseFaults(settings),
    SMTP_URL ? faultsOf('The mail server of SMTP_URL', () => verifyMailServer(SMTP_URL)) : [],
    // A file that nobody has stored: an answer is all that is wanted.
    settings.STORAGE === 's3' ? faultsOf('The storage of S3_ENDPOINT', () => getFile(newStorageKey())) : [],
    hasScanner() ? faultsOf('The scanner of CLAMD', scanSomething) : [],
  ])
  return asked.flat()
}

async function scanSomething(): Promise<void> {
  if ((await scan(Buffer.from('harmless'), LONGEST_MS / 1000)) !== 'clean')
    throw new Error('it does not call a harmless file clean')
}

/** Of one who is asked: none where `ask` resolves in time. */
async function faultsOf(who: string, ask: () => Promise<unknown>): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`silent for ${LONGEST_MS / 1000} s`)), LONGEST_MS)
  })
  try {
    await Promise.race([ask(), silence])
    return []
  } catch (error) {
    return [`${who} does not answer as it should: ${reasonOf(error as Error)}.`]
  } finally {
    clearTimeout(timer)
  }
}

const reasonOf = (error: Error & { code?: string }): string =>
  (sentenceOf(error) || error.message || error.code || error.name).split('\n')[0]!.replace(/\.$/, '')

/** What a database says of itself and of the role that asks. */
type Told = { version: number; role: string; owns: number; makesTables: boolean; isPooled: boolean }

async function databaseFaults(settings: Env): Promise<string[]> {
  const { DATABASE_URL, DATABASE_DIRECT_URL, DATABASE_OWNER_URL, JOBS_IN_PROCESS } = settings
  const faults: string[] = []
  const ask = async (name: string, url: string | undefined): Promise<Told | undefined> => {
    let told: Told | undefined
    if (url)
      faults.push(...(await faultsOf(`The database of ${name}`, async () => (told = await askDatabase(url)))))
    if (told && told.version < OLDEST_POSTGRESQL)
      faults.push(
        `The database of ${name} is PostgreSQL ${told.version}; ${OLDEST_POSTGRESQL} or newer is needed.`,
      )
    return told
  }
  const serving = await ask('DATABASE_URL', DATABASE_URL)
  const direct = await ask('DATABASE_DIRECT_URL', DATABASE_DIRECT_URL)
  const owner = await ask('DATABASE_OWNER_URL', DATABASE_OWNER_URL)
  if (direct?.isPooled) faults.push(pooled('DATABASE_DIRECT_URL'))
  if (owner?.isPooled) faults.push(pooled('DATABASE_OWNER_URL'))
  if (!serving) return faults
  if (serving.isPooled && !DATABASE_DIRECT_URL && JOBS_IN_PROCESS)
    faults.push(
      'DATABASE_URL leads to a pooler, and jobs need PostgreSQL itself: set DATABASE_DIRECT_URL to its address.',
    )
  if (owner && serving.owns > 0)
    faults.push(
      `The role ${serving.role} of DATABASE_URL owns tables, and DATABASE_OWNER_URL names who is to own them: give it a role that only serves.`,
    )
  if (JOBS_IN_PROCESS && !DATABASE_OWNER_URL && !serving.makesTables)
    faults.push(
      `Jobs run beside the pages, and those that load feeds make tables, which the role ${serving.role} of DATABASE_URL may not: set ` +
        'JOBS_IN_PROCESS=off and give DATABASE_OWNER_URL to `npm run worker`.',
    )
  return [...faults, ...(await accountFaults(DATABASE_URL!))]
}

const pooled = (name: string): string =>
  `The setting ${name} leads to a pooler such as PgBouncer, and has to lead to PostgreSQL itself.`

async function askDatabase(url: string): Promise<Told> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'drita-check',
    connectionTimeoutMillis: LONGEST_MS,
    query_timeout: LONGEST_MS,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const isPooled = await refusePooler(client).then(
      () => false,
      () => true,
    )
    const { rows } = await client.query<Omit<Told, 'isPooled'>>(
      `select current_setting('server_version_num')::int / 10000 as version, current_user as role,
        (select count(*)::int from pg_class where relowner = current_user::regrole and relkind in ('r', 'p')) as owns,
        has_schema_privilege('public', 'create') as "makesTables"`,
    )
    return { ...rows[0]!, isPooled }
  } finally {
    await client.end().catch(() => {})
  }
}

/** Of the accounts at banks, where there is their table already. */
async function accountFaults(url: string): Promise<string[]> {
  try {
    if (await isMigrated(url)) await checkAccounts()
    return []
  } catch (error) {
    return [(error as Error).message]
  } finally {
    await closeDatabases()
  }
}
