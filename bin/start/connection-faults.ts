// Whether those whom the settings name answer as they should: databases, storage, mail server, scanner, banks. Changes nothing there.
import { askAt, refusePooler } from '../../db/client.ts'
import { sentenceOf } from '../../db/errors.ts'
import { missingRights } from '../../db/grants.ts'
import { isMigrated } from '../../db/readiness.ts'
import { hasScanner, scan } from '../../lib/files/scanner.ts'
import { getFile, newStorageKey } from '../../lib/files/storage.ts'
import { verifyMailServer } from '../../lib/notifications/smtp.ts'
import { checkAccounts, listAccounts } from '../../lib/payments/accounts.ts'
import { findGateway } from '../../lib/payments/gateways/registry.ts'
import { closeDatabases } from '../../lib/platform/database.ts'
import type { Env } from '../../lib/platform/env.ts'

const LONGEST_MS = 15_000
const OLDEST_POSTGRESQL = 16

/** What came of trying one of them, in a sentence. */
export type Tried = { says: string; isFault: boolean }

const fault = (says: string): Tried => ({ says, isFault: true })
const found = (says: string): Tried => ({ says, isFault: false })

export async function tryConnections(settings: Env): Promise<Tried[]> {
  const { SMTP_URL } = settings
  const tried = await Promise.all([
    tryDatabases(settings),
    SMTP_URL ? tryOne('The mail server of SMTP_URL', () => verifyMailServer(SMTP_URL)) : [],
    // A file that nobody has stored: an answer is all that is wanted.
    settings.STORAGE === 's3' ? tryOne('The storage of S3_ENDPOINT', () => getFile(newStorageKey())) : [],
    hasScanner() ? tryOne('The scanner of CLAMD', scanSomething) : [],
  ])
  return tried.flat()
}

async function scanSomething(): Promise<void> {
  if ((await scan(Buffer.from('harmless'), LONGEST_MS / 1000)) !== 'clean')
    throw new Error('it does not call a harmless file clean')
}

async function tryOne(who: string, ask: () => Promise<unknown>): Promise<Tried[]> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`silent for ${LONGEST_MS / 1000} s`)), LONGEST_MS)
  })
  try {
    await Promise.race([ask(), silence])
    return [found(`${who} answers.`)]
  } catch (error) {
    return [fault(`${who} does not answer as it should: ${reasonOf(error as Error)}.`)]
  } finally {
    clearTimeout(timer)
  }
}

/** The storage says only that it cannot read a file; why stands in what it was caused by. */
function reasonOf(error: Error & { code?: string }): string {
  if (error.cause instanceof Error && !sentenceOf(error)) return reasonOf(error.cause)
  return (sentenceOf(error) || error.message || error.code || error.name).split('\n')[0]!.replace(/\.$/, '')
}

/** What a database says of itself and of the role that asks. */
type Told = {
  version: number
  role: string
  owns: number
  makesTables: boolean
  isPooled: boolean
  /** Rights that serving needs and the role lacks, such as `insert on payments`. */
  missing: string[]
}

async function tryDatabases(settings: Env): Promise<Tried[]> {
  const { DATABASE_URL, DATABASE_DIRECT_URL, DATABASE_OWNER_URL, JOBS_IN_PROCESS } = settings
  const tried: Tried[] = []
  const ask = async (name: string, url: string | undefined): Promise<Told | undefined> => {
    if (!url) return undefined
    let told: Told | undefined
    const [answer] = await tryOne(`The database of ${name}`, async () => (told = await askDatabase(url)))
    if (!told) tried.push(answer!)
    else if (told.version < OLDEST_POSTGRESQL)
      tried.push(
        fault(
          `The database of ${name} is PostgreSQL ${told.version}; ${OLDEST_POSTGRESQL} or newer is needed.`,
        ),
      )
    else tried.push(found(`The database of ${name} answers: PostgreSQL ${told.version}, as ${told.role}.`))
    return told
  }
  const serving = await ask('DATABASE_URL', DATABASE_URL)
  const direct = await ask('DATABASE_DIRECT_URL', DATABASE_DIRECT_URL)
  const owner = await ask('DATABASE_OWNER_URL', DATABASE_OWNER_URL)
  if (direct?.isPooled) tried.push(fault(pooled('DATABASE_DIRECT_URL')))
  if (owner?.isPooled) tried.push(fault(pooled('DATABASE_OWNER_URL')))
  if (!serving) return tried
  if (serving.isPooled && !DATABASE_DIRECT_URL && JOBS_IN_PROCESS)
    tried.push(
      fault(
        'DATABASE_URL leads to a pooler, and jobs need PostgreSQL itself: set DATABASE_DIRECT_URL to its address.',
      ),
    )
  if (owner && serving.owns > 0)
    tried.push(
      fault(
        `The role ${serving.role} of DATABASE_URL owns tables, and DATABASE_OWNER_URL names who is to own them: give it a role that only serves.`,
      ),
    )
  if (JOBS_IN_PROCESS && !DATABASE_OWNER_URL && !serving.makesTables)
    tried.push(
      fault(
        `Jobs run beside the pages, and those that load feeds make tables, which the role ${serving.role} of DATABASE_URL may not: set ` +
          'JOBS_IN_PROCESS=off and give DATABASE_OWNER_URL to `npm run worker`.',
      ),
    )
  return [...tried, ...(await tryMigrated(DATABASE_URL!, serving))]
}

const pooled = (name: string): string =>
  `The setting ${name} leads to a pooler such as PgBouncer, and has to lead to PostgreSQL itself.`

const askDatabase = (url: string): Promise<Told> =>
  askAt(url, LONGEST_MS, async client => {
    const isPooled = await refusePooler(client).then(
      () => false,
      () => true,
    )
    const { rows } = await client.query<Omit<Told, 'isPooled' | 'missing'>>(
      `select current_setting('server_version_num')::int / 10000 as version, current_user as role,
        (select count(*)::int from pg_class where relowner = current_user::regrole and relkind in ('r', 'p')) as owns,
        has_schema_privilege('public', 'create') as "makesTables"`,
    )
    return { ...rows[0]!, isPooled, missing: await missingRights(client) }
  })

/** What can be asked of a database that has the present schema: rights on its tables, and accounts at banks. */
async function tryMigrated(url: string, { role, missing }: Told): Promise<Tried[]> {
  try {
    if (!(await isMigrated(url))) {
      return [found(`Rights of ${role} and banks are not asked about until \`npm run migrate\` has run.`)]
    }
    const accounts = await checkAccounts().then(
      () => [],
      (error: Error) => [fault(error.message)],
    )
    return [...rightsOf(role, missing), ...accounts, ...(await tryBanks())]
  } catch (error) {
    return [fault(`The database of DATABASE_URL does not answer as it should: ${reasonOf(error as Error)}.`)]
  } finally {
    await closeDatabases()
  }
}

const rightsOf = (role: string, missing: string[]): Tried[] =>
  missing.length === 0
    ? [found(`The role ${role} has its rights on every table.`)]
    : missing.map(of =>
        fault(`The role ${role} lacks the right to ${of}: \`npm run migrate\` gives it back.`),
      )

/** No bank has it: whoever knows the account's user and password says so, and nothing is ordered. */
const NO_ORDER = 'check-settings'

/** Of each account that has its secrets; the sandbox bank is the portal itself. */
export async function tryBanks(): Promise<Tried[]> {
  const accounts = (await listAccounts()).filter(({ gateway }) => gateway !== 'sandbox')
  return Promise.all(
    accounts.map(async account => {
      const order = { number: NO_ORDER, bankOrderId: NO_ORDER, amount: 0, currency: account.currency }
      const answer = await findGateway(account.gateway)!.query(account, order)
      return answer === 'not-found' || typeof answer === 'object'
        ? found(`The bank of the account ${account.code} answers questions.`)
        : fault(
            answer === 'refused'
              ? `The bank of the account ${account.code} refuses our questions: what it said is in a line above.`
              : `The bank of the account ${account.code} does not answer.`,
          )
    }),
  )
}
