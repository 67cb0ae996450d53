// A process that dies as by `kill -9` in the middle of a feed: `node feed-killed.ts BILLER FOLDER PHASE DONE`. PHASE: of
// the progress, with its file; DONE: how much of it is done by then, from 0 to 1. A slice is a contract.
import type { BillerCode } from '../../lib/billers/contract-codes.ts'
import { loadFeed } from '../../lib/feed/commands.ts'

const [biller, folder, phase, done] = process.argv.slice(2) as [BillerCode, string, string, string]
await loadFeed({
  biller,
  folder,
  sliceRows: 1,
  onProgress: progress => {
    if (`${progress.phase} ${progress.file}` === phase && progress.done >= Number(done)) {
      process.kill(process.pid, 'SIGKILL')
    }
  },
})
