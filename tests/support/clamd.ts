// Debian's clamd with one signature, a made-up marker: the real ones are a gigabyte, and would be found in this file.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../db/embedded.ts'

/** A file with this in it is infected. */
export const MARKER = 'drita-test-marker-7c1e9b'
/** It answers an error for anything larger. */
export const STREAM_BYTES = 1_000_000
const START_MS = 15_000

export type Clamd = {
  /** For the setting CLAMD. */
  tcp: string
  socket: string
  start: () => Promise<void>
  /** Ends it; nobody answers then. */
  stop: () => Promise<void>
  /** Ends it and throws its folder away. */
  remove: () => Promise<void>
}

/** Not running yet. The unit that Debian would start itself is not needed. */
export async function makeClamd(): Promise<Clamd> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-clamd-'))
  const socket = path.join(folder, 'clamd.ctl')
  const port = await freePort()
  fs.mkdirSync(path.join(folder, 'signatures'))
  fs.writeFileSync(
    path.join(folder, 'signatures/test.ndb'),
    `Drita-Test:0:*:${Buffer.from(MARKER).toString('hex')}\n`,
  )
  const configuration = path.join(folder, 'clamd.conf')
  fs.writeFileSync(
    configuration,
    `Foreground yes
DatabaseDirectory ${folder}/signatures
TemporaryDirectory ${folder}
LocalSocket ${socket}
TCPSocket ${port}
TCPAddr 127.0.0.1
StreamMaxLength ${STREAM_BYTES}
`,
  )
  let running: ChildProcess | undefined
  const stop = async () => {
    const child = running
    running = undefined
    if (!child || child.exitCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
    fs.rmSync(socket, { force: true })
  }
  return {
    tcp: `127.0.0.1:${port}`,
    socket,
    start: async () => {
      const child = spawn('clamd', ['--config-file', configuration], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
      })
      running = child
      let output = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text
        })
      }
      for (const until = Date.now() + START_MS; !fs.existsSync(socket); ) {
        if (child.exitCode !== null || Date.now() > until) throw new Error(`clamd did not start:\n${output}`)
        await sleep(20)
      }
    },
    stop,
    remove: async () => {
      await stop()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}
