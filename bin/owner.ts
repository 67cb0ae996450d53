// As whom a command writes that root runs: as whoever has the folder already.
import fs from 'node:fs'

/** From now on this process is the folder's owner, where it is root's and the folder is not; it cannot be root again. */
export function becomeOwnerOf(folder: string): void {
  if (process.getuid?.() !== 0 || !fs.existsSync(folder)) return
  const { uid, gid } = fs.statSync(folder)
  if (uid === 0) return
  process.setgroups!([gid])
  process.setgid!(gid)
  process.setuid!(uid)
}
