// Whether the code of before runs on the new schema, and serves while a migration runs: part of `npm run check`.
import fs from 'node:fs'

const FOLDER = 'db/migrations'
/** Those up to here went out together, before there was a portal that serves. */
const CHECKED_FROM = '0028'

/** Tables on which an index or a check is made in no time; all others may have millions of rows. */
const SMALL = new Set([
  'billers',
  'businesses',
  'channel_pauses',
  'contract_refusals',
  'disputes',
  'document_store',
  'feed_runs',
  'interest_terms',
  'job_workers',
  'staff_billers',
  'staff_invitations',
  'staff_members',
  'unpaid_lists',
])

const UNUSED = /^-- unused since (\S+)/
const OUTSIDE = /^-- outside a transaction\b/i

/** What is wrong with a migration, a sentence each. `earlier`: the names of those before it. */
export function migrationProblems(text: string, earlier: readonly string[]): string[] {
  const since = UNUSED.exec(text)?.[1]
  if (since !== undefined && !earlier.includes(since)) return [`There is no earlier migration ${since}.`]
  const statements = plainStatements(text)
  const whole = statements.join(';\n')
  return statements.flatMap(statement => [
    ...(since === undefined ? stumblings(statement, whole) : []),
    ...longLocks(statement, whole),
    ...(OUTSIDE.test(text) && /^create .*index/s.test(statement) && !/if not exists/.test(statement)
      ? [`May be run again, and needs "if not exists": ${shortened(statement)}`]
      : []),
  ])
}

/** Statements in small letters, without comments, quotes, and what stands in texts and functions. */
const plainStatements = (text: string): string[] =>
  text
    .replace(/\$(\w*)\$.*?\$\1\$/gs, "''")
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/--.*$/gm, '')
    .toLowerCase()
    .replace(/"public"\.|"/g, '')
    .split(';')
    .map(statement => statement.replace(/\s+/g, ' ').trim())
    .filter(Boolean)

/** What the code of before would stumble over. */
function stumblings(statement: string, whole: string): string[] {
  // Whoever wrote a generated column's row goes on: what filled it since is a trigger's business.
  const dropped = /\bdrop (?!not null\b|expression\b|index concurrently\b)(\w+)(?: if exists)? ?(\w*)/.exec(
    statement,
  )
  const isMadeAgain =
    dropped && new RegExp(`\\b(add ${dropped[1]}|create ${dropped[1]}) ${dropped[2]}\\b`).test(whole)
  return [
    ...(dropped && !isMadeAgain ? ['takes something away'] : []),
    ...(/\brename\b/.test(statement) ? ['renames'] : []),
    ...(/\balter column \w+ (set data )?type\b/.test(statement) ? ['changes a type'] : []),
    ...(/\bset not null\b/.test(statement) ? ['demands a value that older code may not give'] : []),
    ...(statement
      .split(',')
      .some(
        part =>
          /\badd column\b/.test(part) && /\bnot null\b/.test(part) && !/\b(default|generated)\b/.test(part),
      )
      ? ['adds a column that older code does not fill']
      : []),
  ].map(what => `The code of before meets this: it ${what}: ${shortened(statement)}`)
}

/** What locks a large table for as long as it is gone through. */
function longLocks(statement: string, whole: string): string[] {
  const table = /\b(?:on|alter table(?: only)?) (\w+)/.exec(statement)?.[1]
  if (!table || SMALL.has(table) || new RegExp(`create table (if not exists )?${table}\\b`).test(whole))
    return []
  if (/^create (unique )?index (?!concurrently)/.test(statement))
    return [`Make it concurrently, in a file of its own: ${shortened(statement)}`]
  if (/\badd constraint\b/.test(statement) && !/\b(not valid|using index)\b/.test(statement))
    return [`Add it NOT VALID, and validate it in a later file: ${shortened(statement)}`]
  return []
}

const shortened = (statement: string) => (statement.length > 120 ? `${statement.slice(0, 120)} …` : statement)

if (process.argv[1]?.endsWith('check-migrations.ts')) {
  const files = fs.readdirSync(FOLDER).filter(name => name.endsWith('.sql'))
  const names = files.map(name => name.replace(/\.sql$/, '')).sort()
  const problems = names
    .filter(name => name >= CHECKED_FROM)
    .flatMap(name =>
      migrationProblems(
        fs.readFileSync(`${FOLDER}/${name}.sql`, 'utf8'),
        names.filter(other => other < name),
      ).map(problem => `${name}: ${problem}`),
    )
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exit(1)
}
