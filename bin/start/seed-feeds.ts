// The sample feeds, as a biller would send them today: work, faults and disconnections are moved along with the days.
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { BillerCode } from '../../lib/billers/contract-codes.ts'
import { loadFeed } from '../../lib/feed/commands.ts'
import { clock } from '../../lib/platform/clock.ts'
import { addDays, dayIn, daysBetween, type IsoDate, PORTAL_ZONE } from '../../lib/platform/dates.ts'

/** The day on which the samples were written. */
const WRITTEN_ON = '2026-11-27'
/** What is of use only while it lies ahead, or has just happened. */
const MOVED = ['outages.csv', 'disconnections.csv']

/** Loads the sample feed of a biller. */
export async function loadSample(biller: BillerCode): Promise<void> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'drita-sample-'))
  try {
    const sample = path.join('db/demonstration', biller)
    await fs.cp(sample, folder, { recursive: true })
    const today = dayIn(PORTAL_ZONE, clock.now())
    for (const name of await fs.readdir(sample)) {
      if (!MOVED.includes(name)) continue
      const file = path.join(folder, name)
      await fs.writeFile(file, moved(await fs.readFile(file, 'utf8'), today))
    }
    await loadFeed({ biller, folder })
  } finally {
    await fs.rm(folder, { recursive: true, force: true })
  }
}

/** The days in a file's cells, as many days later as `today` is after the day of the samples. */
const moved = (csv: string, today: IsoDate): string =>
  csv.replace(/\b\d{4}-\d{2}-\d{2}(?=[T,])/g, day => addDays(day, daysBetween(WRITTEN_ON, today)))
