// A process that dies as by `kill -9` in the middle of a feed: `tsx feed-killed.ts BILLER FOLDER PHASE`.
import { loadFeed } from '../../lib/feed/commands.ts'

const [biller, folder, phase] = process.argv.slice(2) as [string, string, string]
await loadFeed({
  biller,
  folder,
  onProgress: progress => {
    if (
      `${progress.phase} ${progress.file ?? ''}`.trim() === phase &&
      (phase !== 'replaying' || progress.done > 0)
    ) {
      process.kill(process.pid, 'SIGKILL')
    }
  },
})
