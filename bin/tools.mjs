// Programs that checks and drills use: Debian's, installed where they are missing.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'

/** What each package is for; not everybody's PATH leads to /usr/sbin. */
const PROGRAMS = {
  chromium: 'chromium',
  'chromium-headless-shell': 'chromium-headless-shell',
  'poppler-utils': 'pdftotext',
  'zbar-tools': 'zbarimg',
  'clamav-daemon': 'clamd',
  pgbouncer: 'pgbouncer',
  'nginx-light': 'nginx',
  openssl: 'openssl',
  prometheus: 'promtool',
  systemd: 'systemd-analyze',
  pgbackrest: 'pgbackrest',
  postgresql: 'pg_ctlcluster',
}

/**
 * Installs what is missing of these packages; ends the process with one sentence where that fails.
 * @param {(keyof typeof PROGRAMS)[]} packages
 */
export function installTools(packages) {
  const missing = packages.filter(name => !isThere(PROGRAMS[name]))
  if (missing.length === 0) return
  console.log(`Installing ${missing.join(' and ')} …`)
  const sudo = process.getuid?.() === 0 ? [] : ['sudo']
  for (const rest of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...missing],
  ]) {
    const [program = '', ...parameters] = [...sudo, 'apt-get', ...rest]
    const { status } = spawnSync(program, parameters, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (status !== 0 && rest[0] === 'install') {
      console.error(`These Debian packages are needed and could not be installed: ${missing.join(', ')}.`)
      process.exit(1)
    }
  }
}

/** @param {string} program */
function isThere(program) {
  if (program.startsWith('chromium') && process.env.CHROMIUM) return true
  if (fs.existsSync(`/usr/sbin/${program}`)) return true
  return spawnSync('sh', ['-c', 'command -v "$0"', program], { stdio: 'ignore' }).status === 0
}
