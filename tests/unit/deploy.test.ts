// The configurations of deploy/: taken by their own programs, and of one mind with each other and with the settings.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseEnv as parseFile } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { parseEnv, settingNames } from '../../lib/platform/env.ts'

const root = process.cwd()
const read = (file: string) => fs.readFileSync(file, 'utf8')
const services = fs.readdirSync('deploy').filter(name => name.endsWith('.service'))
const given = { DEMO: 'on', APP_URL: 'http://localhost', AUTH_SECRET: 'x'.repeat(32) }
const defaults = parseEnv(given)

/** The units with the paths of this machine. */
function unitsHere(): string[] {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-units-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  return services.map(name => {
    const file = path.join(folder, name)
    const text = read(`deploy/${name}`)
    fs.writeFileSync(file, text.replaceAll('/opt/drita/current', root))
    return file
  })
}

const analyze = (...parameters: string[]) => {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', parameters, { encoding: 'utf8' })
  return { status, said: stdout + stderr }
}

test('systemd takes the units, and finds nothing to say of them', () => {
  expect(services).toHaveLength(3)
  expect(analyze('verify', '--man=no', '--recursive-errors=no', ...unitsHere())).toEqual({
    status: 0,
    said: '',
  })
})

test('systemd calls each of them safe: an exposure of 1.5 or less of 10', () => {
  for (const unit of unitsHere()) {
    const { status, said } = analyze('security', '--offline=true', '--no-pager', '--threshold=15', unit)
    expect(status, said).toBe(0)
  }
})

test('what confines one unit confines the others', () => {
  const confined = services.map(name => {
    const [, lines] = /\n# (?:As drita\.service|It reads its code).*\n((?:[^[\n].*\n)+)/.exec(
      read(`deploy/${name}`),
    )!
    return lines
  })
  expect(confined[0]).toContain('ProtectSystem=strict')
  expect(new Set(confined).size).toBe(1)
})

test('what waits until a node is ready ends with the node, or systemd would not start it again', () => {
  const [, line] = /\nExecStartPost=\/bin\/sh -c '(.*)'\n/.exec(read('deploy/drita.service'))!
  const { pid: ended } = spawnSync('true')
  const { status, stderr } = spawnSync('sh', ['-c', line!.replaceAll('$$', '$')], {
    env: { NODE_ENV: 'test', PATH: process.env.PATH, PORT: '1', MAINPID: String(ended) },
    encoding: 'utf8',
    timeout: 10_000,
  })
  expect([status, stderr]).toEqual([1, ''])
})

test('a command has the settings of the machine, with those of the owner where there are some', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-machine-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  const write = (file: string, text: string) => {
    fs.mkdirSync(path.dirname(`${folder}/${file}`), { recursive: true })
    fs.writeFileSync(`${folder}/${file}`, text, { mode: 0o755 })
  }
  write('current/bin/run', '#!/bin/sh\necho "$NODE_EXTRA_CA_CERTS" "$@"\n')
  write('etc/drita.env', 'PORT=3000\nNODE_EXTRA_CA_CERTS=/own.pem\n')
  const wrapper = read('deploy/drita')
    .replaceAll('/opt/drita/current', `${folder}/current`)
    .replaceAll('/etc/drita', `${folder}/etc`)
  write('drita', wrapper)
  const ran = () => spawnSync(`${folder}/drita`, ['staff', 'a name'], { encoding: 'utf8' })
  const [settings, owner] = ['drita', 'owner'].map(name => `--env-file=${folder}/etc/${name}.env`)
  expect(ran()).toMatchObject({ stdout: `/own.pem ${settings} bin/staff.ts a name\n`, stderr: '' })
  write('etc/owner.env', '')
  expect(ran().stdout).toBe(`/own.pem ${settings} ${owner} bin/staff.ts a name\n`)
})

/** A directive's value; a size in megabytes, a time in seconds. */
const inNginx = (pattern: RegExp) => Number(pattern.exec(read('deploy/nginx.conf'))![1])

test('a node is given the time that it needs to stop, and is back before the next one goes', () => {
  expect(read('deploy/drita.service')).toContain(`\nTimeoutStopSec=${30 + defaults.DRAIN_SECONDS}\n`)
  expect(inNginx(/fail_timeout=(\d+)s/)).toBeLessThan(defaults.DRAIN_SECONDS)
})

test('nginx lets go of a connection before the node does, and waits longer than the node for its database', () => {
  const [, node] = /KEEP_ALIVE_MS = ([\d_]+)/.exec(read('server.ts'))!
  expect(inNginx(/keepalive_timeout (\d+)s/) * 1000).toBeLessThan(Number(node!.replace('_', '')))
  const { DATABASE_CONNECT_SECONDS, DATABASE_PAGE_SECONDS } = defaults
  expect(inNginx(/proxy_read_timeout (\d+)s/)).toBeGreaterThan(
    DATABASE_CONNECT_SECONDS + DATABASE_PAGE_SECONDS,
  )
})

test('nginx lets through what the portal takes', () => {
  const { DOCUMENT_MAX_MB, REQUEST_DOCUMENT_MAX_MB, DOCUMENTS_PER_FORM, FEED_UPLOAD_MAX_MB } = defaults
  const form = Math.max(DOCUMENT_MAX_MB, REQUEST_DOCUMENT_MAX_MB) * DOCUMENTS_PER_FORM
  expect(inNginx(/client_max_body_size (\d+)m/)).toBeGreaterThan(form)
  expect(inNginx(/\/api\/feed \{\s+client_max_body_size (\d+)m/)).toBeGreaterThan(FEED_UPLOAD_MAX_MB)
})

const example = (file: string): Record<string, string> =>
  parseFile(read(`deploy/${file}`)) as Record<string, string>
const names = [...Object.keys(example('drita.env.example')), ...Object.keys(example('owner.env.example'))]

test('every name in the example is a setting, and every setting that is needed stands in it or in the unit', () => {
  expect(names.filter(name => !settingNames.includes(name))).toEqual([])
  const bare = { DEMO: 'off', STORAGE: 's3', CERTIFICATE_KEY_FILE: 'x' }
  const needed = () => parseEnv(bare, ['DATABASE_URL', 'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY'])
  const error = (() => {
    try {
      needed()
    } catch (thrown) {
      return (thrown as Error).message
    }
  })()!
  const missing = error.match(/[A-Z][A-Z0-9]*_[A-Z0-9_]+/g)!
  expect(missing.length).toBeGreaterThan(12)
  const unit = read('deploy/drita.service')
  expect(missing.filter(name => !names.includes(name) && !unit.includes(`Environment=${name}=`))).toEqual([])
})

test('the example is whole once its blanks are filled in, and knows no owner', () => {
  const { AUTH_SECRET, NEXT_SERVER_ACTIONS_ENCRYPTION_KEY, ...rest } = example('drita.env.example')
  expect([AUTH_SECRET, NEXT_SERVER_ACTIONS_ENCRYPTION_KEY]).toEqual(['', ''])
  const filled = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value || 'filled-in']))
  const secrets = {
    AUTH_SECRET: 'x'.repeat(64),
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
  }
  const settings = parseEnv({ ...filled, ...secrets }, ['DATABASE_URL'])
  expect(settings).toMatchObject({
    DEMO: false,
    JOBS_IN_PROCESS: false,
    MAIL_FROM: 'Drita <no-reply@drita.example>',
  })
  expect(settings.DATABASE_OWNER_URL).toBeUndefined()
})

test.runIf(process.getuid?.() === 0)('what root reseals on the disk stays the service’s own', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-data-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  fs.chownSync(folder, 65_534, 65_534)
  const script = `
    import fs from 'node:fs'
    import { becomeOwnerOf } from ${JSON.stringify(`${root}/bin/owner.ts`)}
    becomeOwnerOf(${JSON.stringify(folder)})
    fs.writeFileSync(${JSON.stringify(`${folder}/document`)}, '')`
  const written = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(written).toMatchObject({ status: 0, stderr: '' })
  const { uid, gid } = fs.statSync(`${folder}/document`)
  expect([uid, gid]).toEqual([65_534, 65_534])
  expect(read('bin/reseal.ts')).toContain('becomeOwnerOf(env().DATA_DIR)')
})

test('check-settings says all that is wrong at once, each in a sentence', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/check-settings.ts'], {
    env: {
      PATH: process.env.PATH!,
      NODE_ENV: 'production',
      APP_URL: 'http://drita.example',
      AUTH_SECRET: 'short',
      PORT: '80x',
      WEB_PROCESSES: '65',
      JOBS_IN_PROCESS: 'no',
      LIMIT_SINGIN_PER_ACCOUNT: '5',
      CERTIFICATE_KEY_FILE: '/none.pem',
      CERTIFICATE_CHAIN_FILE: '/none.pem',
    },
    encoding: 'utf8',
  })
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr.trim().split('\n')).toEqual([
    'LIMIT_SINGIN_PER_ACCOUNT is no setting of the portal; LIMIT_SIGN_IN_PER_ACCOUNT is.',
    'The settings DATABASE_URL, NEXT_SERVER_ACTIONS_ENCRYPTION_KEY, SMTP_URL, MAIL_FROM, INFOBIP_BASE_URL, INFOBIP_API_KEY and SMS_SENDER are missing.',
    'The setting PORT is not a whole number.',
    'The setting WEB_PROCESSES is more than 64.',
    'The setting AUTH_SECRET needs at least 32 characters.',
    'The setting JOBS_IN_PROCESS is neither on nor off.',
    'The setting APP_URL is not an https:// address.',
    'The file of CERTIFICATE_KEY_FILE cannot be read (ENOENT).',
  ])
})
