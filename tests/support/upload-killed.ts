// A worker that dies as by `kill -9` in the middle of an upload: `node upload-killed.ts RUN`. A slice is a contract.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { loadFeed } from '../../lib/feed/commands.ts'
import { writeFolder } from '../../lib/feed/upload-files.ts'

const runId = Number(process.argv[2])
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-feed-'))
await writeFolder(runId, folder)
await loadFeed({
  biller: 'oshee',
  folder,
  runId,
  sliceRows: 1,
  onProgress: ({ phase, done }) => {
    if (phase !== 'loading' || done < 0.5) return
    fs.rmSync(folder, { recursive: true })
    process.kill(process.pid, 'SIGKILL')
  },
})
