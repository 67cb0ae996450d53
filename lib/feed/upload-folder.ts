// Where an upload stands in plain text for as long as it is read; what a process that died has left there is removed by the next one.
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

/** With the number of the process that made it. */
const FOLDER = /^drita-upload-(\d+)-/

/** A folder of its own, which is gone once the work is done. */
export async function inUploadFolder<Value>(work: (folder: string) => Promise<Value>): Promise<Value> {
  await removeAbandoned()
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), `drita-upload-${process.pid}-`))
  try {
    return await work(folder)
  } finally {
    await fs.rm(folder, { recursive: true, force: true })
  }
}

async function removeAbandoned(): Promise<void> {
  for (const name of await fs.readdir(os.tmpdir())) {
    const [, pid] = FOLDER.exec(name) ?? []
    if (pid && !isAlive(Number(pid)))
      await fs.rm(path.join(os.tmpdir(), name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
