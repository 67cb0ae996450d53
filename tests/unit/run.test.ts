// `bin/run` on machines with a Node.js of any age: a copy of it, an npm of the test's, and what that was asked for.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isSupported } from '../../bin/start/install.mjs'
import packageJson from '../../package.json' with { type: 'json' }

let root = ''
const write = (file: string, text: string, mode = 0o644) => {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
  fs.writeFileSync(path.join(root, file), text, { mode })
}
const LOCK = JSON.stringify({ packages: {} })

beforeEach(() => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'drita-run-')))
  for (const file of ['bin/run', 'bin/start/install.mjs']) write(file, fs.readFileSync(file, 'utf8'), 0o755)
  for (const folder of ['', 'bin/runtime/']) write(`${folder}package-lock.json`, LOCK)
  write(
    'program.mjs',
    'console.log(JSON.stringify([process.argv0, ...process.argv.slice(2), process.env.PATH]))',
  )
})
afterEach(() => fs.rmSync(root, { recursive: true }))

/** Runs `bin/run program.mjs word` where `node` says it is `version`; `brings`: what npm finds of a newer one. */
function run(
  version: string,
  brings: 'one that runs' | 'one that does not run' | 'none',
  { program = 'program.mjs', variables = {} } = {},
) {
  write('version.mjs', `Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`)
  write('machine/node', `#!/bin/sh\nexec ${process.execPath} --import ${root}/version.mjs "$@"\n`, 0o755)
  const brought = {
    'one that runs': `ln -sf ${process.execPath} node_modules/node-here/bin/node`,
    'one that does not run': 'echo > node_modules/node-here/bin/node',
    none: 'true',
  }
  write(
    'machine/npm',
    `#!/bin/sh\npwd >> ${root}/asked\necho "$2" >> ${root}/told\nmkdir -p node_modules/node-here/bin\ncp package-lock.json node_modules/.package-lock.json\n${brought[brings]}\n`,
    0o755,
  )
  const { status, stdout, stderr } = spawnSync(path.join(root, 'bin/run'), [program, 'a word'], {
    cwd: root,
    env: { NODE_ENV: 'test', PATH: `${root}/machine:/usr/bin:/bin`, TMPDIR: root, ...variables },
    encoding: 'utf8',
  })
  const asked = fs.existsSync(`${root}/asked`)
    ? fs.readFileSync(`${root}/asked`, 'utf8').trim().split('\n')
    : []
  return {
    status,
    ran: stdout && JSON.parse(stdout),
    stderr,
    asked: asked.map(folder => path.relative(root, folder)),
    told: fs.existsSync(`${root}/told`) ? fs.readFileSync(`${root}/told`, 'utf8').trim() : undefined,
  }
}

test('a machine whose own is supported uses it, and brings nothing but the packages, once', () => {
  const { ran, asked } = run('24.1.0', 'none')
  expect(ran).toEqual([process.execPath, 'a word', expect.stringMatching(path.dirname(process.execPath))])
  expect(asked).toEqual([''])
  expect(run('22.18.0', 'none').asked).toEqual([''])
})

test('a machine whose own is too old gets one, for the program and what that starts', () => {
  const { ran, asked } = run('20.20.2', 'one that runs')
  expect(ran).toEqual([
    `${root}/bin/runtime/node_modules/node-here/bin/node`,
    'a word',
    expect.stringMatching(new RegExp(`^${root}/bin/runtime/node_modules/node-here/bin:`)),
  ])
  expect(asked).toEqual(['bin/runtime', ''])
  expect(run('20.20.2', 'one that runs').asked).toEqual(asked)
})

test.each(['one that does not run', 'none'] as const)(
  'npm has %s: a sentence names what to install',
  brings => {
    const { status, ran, stderr } = run('20.20.2', brings)
    expect([status, ran]).toEqual([1, ''])
    expect(stderr.trim().split('\n').at(-1)).toBe(
      `Drita needs Node.js 24 (or 22, from 22.18 on); this is 20.20.2, and npm has none for ${process.platform} ${process.arch}: ` +
        'install Node.js 24, from your system or https://nodejs.org.',
    )
  },
)

test.each([
  ['20.20.2', false],
  ['22.17.9', false],
  ['22.18.0', true],
  ['23.11.0', false],
  ['24.0.0', true],
  ['25.2.0', false],
  ['26.0.0', true],
])('%s is supported: %s', (version, expected) => {
  expect(isSupported(version)).toBe(expected)
})

test('npm is told the same', () => {
  expect(packageJson.engines.node).toBe('^22.18.0 || ^24.0.0 || >=26.0.0')
})

test.each([
  ['bin/serve.ts', { NODE_ENV: 'production' }, '--omit=dev'],
  ['bin/serve.ts', { npm_config_omit: 'dev' }, '--omit=dev'],
  ['bin/serve.ts', {}, '--include=dev'],
  ['bin/start.ts', { NODE_ENV: 'production' }, '--include=dev'],
  ['node_modules/.bin/vitest', { npm_config_omit: 'dev' }, '--include=dev'],
])('%s with %o has npm install with %s', (program, variables, told) => {
  write(program, 'console.log("[]")')
  expect(run('24.1.0', 'none', { program, variables }).told).toBe(told)
})

/** What a developer runs; everything else is run on nodes, which may not have packages for development. */
const OF_DEVELOPERS = ['start', 'build', 'bench', 'drill', 'demo-banks', 'icons', 'fonts']

test.each(
  Object.entries(packageJson.scripts)
    .filter(([name, line]) => /bin\/[\w-]+\.ts$/.test(line) && !OF_DEVELOPERS.includes(name))
    .map(([, line]) => line.slice('bin/run '.length)),
)('%s runs on a node', program => {
  write(program, 'console.log("[]")')
  expect(run('24.1.0', 'none', { program, variables: { NODE_ENV: 'production' } }).told).toBe('--omit=dev')
})
