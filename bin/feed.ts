// `npm run feed -- --biller CODE FOLDER`: loads a biller's feed and prints what became of it.
import fs from 'node:fs'
import { parseArgs } from 'node:util'
import { SingleBar } from 'cli-progress'
import { startEmbeddedPostgres } from '../db/embedded.ts'
import { type BillerCode, billerCodes } from '../lib/billers/contract-codes.ts'
import { loadFeed } from '../lib/feed/commands.ts'
import { FeedBrokeOff } from '../lib/feed/loading.ts'
import { FEED_FILE_NAMES, type FeedProgress } from '../lib/feed/schema.ts'
import { limitsOf } from '../lib/platform/database.ts'
import { refusalWriter } from './feed/refusals.ts'
import { EXIT_CODES, reportLines } from './feed/report.ts'
import { shown, shownError } from './shown.ts'
import { checkMigrated, migrate, ownerUrl } from './start/migrating.ts'
import { readDatabaseSettings } from './start/settings.ts'

const USAGE = `Usage: npm run feed -- --biller CODE FOLDER [--strict] [--refusals FOLDER]

  --biller CODE       one of ${billerCodes.join(', ')}
  FOLDER              holds some of ${FEED_FILE_NAMES.map(file => `${file}.csv`).join(', ')}
  --strict            load nothing where a single row is refused
  --refusals FOLDER   write the refused rows there with the reasons, in files to mend and send again; a new or an empty folder

Ends with 0 when the feed was loaded, 1 when nothing was loaded, 2 when it was called wrongly, 3 when it was loaded
and rows or files of it were refused.`

type Call = { biller: BillerCode; folder: string; strict: boolean; refusals: string | undefined }

/** What was asked for, or a sentence about what is wrong with it. */
function readCall(): Call | string {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        biller: { type: 'string' },
        strict: { type: 'boolean', default: false },
        refusals: { type: 'string' },
      },
    })
    const { strict, refusals } = values
    const [folder] = positionals
    if (!values.biller) return 'The biller is missing.'
    const biller = billerCodes.find(code => code === values.biller)
    if (!biller) return `There is no biller ${shown(values.biller)}.`
    if (!folder || positionals.length > 1) return 'Give one folder.'
    if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      return `${shown(folder)} is no folder.`
    // It may be the feed's own folder, or hold rows that were not sent again yet.
    if (refusals !== undefined && !isFree(refusals))
      return `${shown(refusals)} is there already and is no empty folder.`
    return { biller, folder, strict, refusals }
  } catch (error) {
    return shownError(error)
  }
}

function isFree(folder: string): boolean {
  const found = fs.statSync(folder, { throwIfNoEntry: false })
  return !found || (found.isDirectory() && fs.readdirSync(folder).length === 0)
}

/** Returns the exit code. */
async function load({ biller, folder, strict, refusals }: Call): Promise<number> {
  const isSeen = process.stderr.isTTY === true
  const bar = new SingleBar({
    format: isSeen ? '{what} {bar} {percentage} %' : '{what} {percentage} %',
    hideCursor: true,
    // In a job's log: a line every few seconds.
    noTTYOutput: true,
    notTTYSchedule: 5000,
  })
  const refused = refusals === undefined ? undefined : refusalWriter(refusals)
  let server: { url: string; stop: () => Promise<void> } | undefined
  try {
    const settings = readDatabaseSettings()
    let url = ownerUrl(settings)
    if (!url) {
      server = await startEmbeddedPostgres(settings.DATA_DIR)
      url = server.url
    }
    // That of a demonstration has nobody else who would.
    if (server) await migrate({ DATABASE_URL: url }, console.error)
    else await checkMigrated(url)
    bar.start(100, 0, { what: 'Starting'.padEnd(24) })
    const report = await loadFeed({
      biller,
      folder,
      strict,
      url,
      limits: limitsOf('feed', settings),
      signal: stop.signal,
      lowPriority: true,
      onProgress: progress => bar.update(percent(progress), { what: phaseText(progress).padEnd(24) }),
      onRefusals: refused?.write,
    })
    bar.stop()
    for (const line of reportLines(report, refusals, refused?.written)) console.log(line)
    return EXIT_CODES[report.status]
  } catch (error) {
    bar.stop()
    console.error(failure(error))
    return 1
  } finally {
    await server?.stop()
  }
}

function failure(error: unknown): string {
  const stopped = stop.signal.aborted
  if (error instanceof FeedBrokeOff) {
    const why = stopped ? 'Stopped.' : shownError(error.cause)
    return `${why} ${error.message} The same command loads the rest.`
  }
  return stopped ? 'Stopped; nothing was changed.' : `Nothing was loaded. ${shownError(error)}`
}

/** Reading, validating and loading take about so much of the whole. */
function percent({ phase, done }: FeedProgress): number {
  if (phase === 'waiting') return 0
  if (phase === 'reading') return Math.floor(40 * done)
  if (phase === 'validating') return Math.floor(40 + 10 * done)
  return phase === 'loading' ? Math.floor(50 + 50 * done) : 100
}

function phaseText({ phase, file }: FeedProgress): string {
  if (phase === 'waiting') return 'Waiting for its turn'
  if (phase === 'reading') return `Reading ${file}`
  if (phase === 'validating') return `Checking ${file}`
  return phase === 'loading' ? 'Loading' : 'Done'
}

const call = readCall()
if (typeof call === 'string') {
  console.error(`${call}\n\n${USAGE}`)
  process.exit(2)
}

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
process.exitCode = await load(call)
