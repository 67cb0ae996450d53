// The disk of PostgreSQL is full: what customers see, that nothing is half booked, and that room alone brings all back.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onServer } from '../../support/postgres.ts'
import type { Place } from '../place.ts'
import type { Row } from '../table.ts'
import { underLoad } from '../under-load.ts'

const MEGABYTE = 1024 * 1024
/** Beside what there is. */
const ROOM_MB = 300
const FULL_MS = 8_000

export async function fullDisk(place: Place, { table }: { table: Row[] }): Promise<string[]> {
  const { postgres } = place
  const home = postgres.primary.cluster
  const disk = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-drill-disk-'))
  const used = Number(execFileSync('du', ['-sm', home], { encoding: 'utf8' }).split('\t')[0])
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${used + ROOM_MB}m`, 'tmpfs', disk], { stdio: 'pipe' })
  } catch {
    fs.rmSync(disk, { recursive: true })
    return ['not tried: only root may mount a small disk']
  }
  try {
    await move(place, home, path.join(disk, 'cluster'))
    try {
      return await fill(place, table, disk)
    } finally {
      await move(place, path.join(disk, 'cluster'), home)
    }
  } finally {
    // Where it could not be moved back, its server is still at work there.
    if (postgres.primary.cluster !== home) await postgres.primary.stop().catch(() => {})
    execFileSync('umount', [disk])
    fs.rmSync(disk, { recursive: true })
  }
}

/** Stops the server, and starts it with its files at another place. */
async function move({ bouncer, postgres }: Place, from: string, to: string): Promise<void> {
  await bouncer.command('PAUSE')
  if (postgres.primary.isRunning()) await postgres.primary.stop('fast')
  fs.rmSync(to, { recursive: true, force: true })
  execFileSync('cp', ['-a', from, to])
  const { uid, gid } = fs.statSync(from)
  fs.chownSync(path.dirname(to), uid, gid)
  postgres.moveTo(to)
  await postgres.primary.start()
  await bouncer.command('RESUME')
}

async function fill(place: Place, table: Row[], disk: string): Promise<string[]> {
  const { postgres } = place
  const ballast = path.join(disk, 'ballast')
  let stopped = false
  const said = new Set<string>()
  // In a database of its own: nobody has to grant anything.
  await onServer(postgres.url, 'create table ballast (text text)')
  const line = await underLoad(place, table, {
    what: `PostgreSQL's disk full for ${FULL_MS / 1000} s`,
    goal: { recoveredMs: 5_000 },
    run: async () => {
      fillUp(ballast)
      for (const until = Date.now() + FULL_MS; Date.now() < until; await sleep(200)) {
        // Somebody who writes much, so that not even what was kept ready is left.
        await onServer(
          postgres.url,
          `insert into ballast select repeat('x', 1000) from generate_series(1, 2000)`,
        ).catch(({ code }) => said.add(String(code)))
        fillUp(ballast)
      }
      fs.rmSync(ballast)
      stopped = !postgres.primary.isRunning()
      if (stopped) await postgres.primary.start()
    },
  })
  await onServer(postgres.url, 'drop table ballast')
  return [
    line,
    `  to who wrote PostgreSQL said ${[...said].join(', ') || 'nothing'}; the server itself ${stopped ? 'ended, and was started again' : 'lived'}`,
  ]
}

/** Writes until there is no room for another megabyte, nor for a page. */
function fillUp(file: string): void {
  const handle = fs.openSync(file, 'a')
  try {
    for (const bytes of [MEGABYTE, 4096]) {
      try {
        for (;;) fs.writeSync(handle, Buffer.alloc(bytes, 1))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    }
  } finally {
    fs.closeSync(handle)
  }
}
