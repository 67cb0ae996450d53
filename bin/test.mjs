// `npm test`: every check there is, from a fresh clone. `npm run check`: those that need no build and no database.
const { installTools } = await import('./tools.mjs')

const { spawn } = await import('node:child_process')
const fs = await import('node:fs')
const os = await import('node:os')
const path = await import('node:path')

process.chdir(new URL('..', import.meta.url).pathname)
const onlyStatic = process.argv[2] === 'check'
const began = performance.now()
const results = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-results-'))

// Nothing of a portal that this machine runs reaches the tests, and the build is theirs alone.
const environment = {
  ...process.env,
  NEXT_DIST_DIR: '.next-test',
  NEXT_TELEMETRY_DISABLED: '1',
  FORCE_COLOR: '0',
  // A hundred processes load the same packages.
  NODE_COMPILE_CACHE: path.resolve('node_modules/.cache/compiled'),
}
for (const name of [
  'NODE_ENV',
  'NO_COLOR',
  'PORT',
  'METRICS_PORT',
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATA_DIR',
  'APP_URL',
  'AUTH_SECRET',
  'DEMO',
  'TRUSTED_PROXIES',
  'CLAMD',
  'JOBS_IN_PROCESS',
]) {
  Reflect.deleteProperty(environment, name)
}

/** What nobody waits for: the least there is. */
const LAST = { priority: 19 }
/** The browsers, which begin last and would end last, go before. By more than this the others would starve, and run out of their time. */
const AFTER_BROWSERS = { priority: 5 }

/** @type {{ name: string, passed: number, failed: number }[]} */
const outcomes = []

/** @type {[string, string[]][]} */
const staticChecks = [
  ['format and lint', ['biome', 'check', '--error-on-warnings']],
  ['texts', ['node', 'bin/messages/check-messages.ts']],
  ['migrations', ['node', 'bin/check-migrations.ts']],
  ['imports', ['depcruise', 'app', 'components', 'lib', 'db', 'bin', 'tests', 'server.ts']],
  ['unused', ['knip', '--no-config-hints']],
  // The compiler in machine code, which takes a quarter of the work; other tools read types with that in JavaScript.
  ['types', ['node', 'node_modules/typescript-native/bin/tsc', '--noEmit', '--singleThreaded']],
]

if (onlyStatic) {
  for (const [name, command] of staticChecks) await check(name, command)
} else {
  installTools([
    'chromium-headless-shell',
    'poppler-utils',
    'zbar-tools',
    'clamav-daemon',
    'pgbouncer',
    'nginx-light',
    'openssl',
    'prometheus',
    'systemd',
  ])
  // All beside each other, though there are two cores: much of each is waiting, for PostgreSQL, a browser or another process.
  const built = check('build', ['node', 'bin/start/build.ts'])
  await Promise.all([
    check(
      'unit and database',
      ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}/vitest.json`],
      { count: vitestCounts, ...AFTER_BROWSERS },
    ),
    built.then(async ok => {
      if (ok) return checkInBrowsers()
      console.log('✗ browser: not run, there is no build')
      outcomes.push({ name: 'browser', passed: 0, failed: 1 })
    }),
    built.then(async () => {
      for (const [name, command] of staticChecks) await check(name, command, LAST)
    }),
  ])
}

fs.rmSync(results, { recursive: true, force: true })
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0)
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0)
const first = outcomes.find(outcome => outcome.failed > 0)
if (first) console.log(`\nFirst failure: ${first.name}`)
console.log(`\nTook ${((performance.now() - began) / 1000).toFixed(0)} s`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)

/**
 * Runs node, or one command of node_modules/.bin, and says how it went; its output only where it failed.
 * @param {string} name
 * @param {string[]} command
 * @param {{ count?: () => { passed: number, failed: number } | undefined, priority?: number, variables?: Record<string, string> }} [options]
 * @returns {Promise<boolean>} whether it went well
 */
async function check(name, [program = '', ...rest], { count, priority = 0, variables } = {}) {
  const start = performance.now()
  const child = spawn(
    program === 'node' ? process.execPath : path.resolve('node_modules/.bin', program),
    rest,
    {
      env: { ...environment, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  if (child.pid) os.setPriority(child.pid, priority)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      output += text
    })
  }
  const status = await new Promise(resolve => child.once('error', () => resolve(1)).once('close', resolve))
  const ok = status === 0
  const counts = count?.() ?? { passed: ok ? 1 : 0, failed: ok ? 0 : 1 }
  // A runner may fail without a failed test.
  if (!ok && counts.failed === 0) counts.failed = 1
  outcomes.push({ name, ...counts })
  const tests = count ? ` (${counts.passed} passed, ${counts.failed} failed)` : ''
  if (!ok) console.log(`\n──── ${name} ────\n${output.trimEnd()}\n────`)
  console.log(`${ok ? '✓' : '✗'} ${name}${tests} ${((performance.now() - start) / 1000).toFixed(1)} s`)
  return ok
}

function checkInBrowsers() {
  return check('browser', ['playwright', 'test', '--reporter=line,json'], {
    count: playwrightCounts,
    variables: { PLAYWRIGHT_JSON_OUTPUT_NAME: `${results}/playwright.json` },
  })
}

function vitestCounts() {
  const report = readJson('vitest.json')
  return report && { passed: report.numPassedTests, failed: report.numFailedTests }
}

function playwrightCounts() {
  const report = readJson('playwright.json')
  return report && { passed: report.stats.expected + report.stats.flaky, failed: report.stats.unexpected }
}

/** @param {string} name */
function readJson(name) {
  try {
    return JSON.parse(fs.readFileSync(path.join(results, name), 'utf8'))
  } catch {
    return undefined
  }
}
