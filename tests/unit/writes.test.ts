// An area of lib writes into its own tables alone; any may read them. No import shows it, so the sources are read.
import fs from 'node:fs'
import path from 'node:path'
import { getTableName, is } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import ts from 'typescript'
import { expect, test } from 'vitest'

/** Whose tables a file of db/schema holds, where it is not named after its area. */
const OWNERS: Record<string, string> = {
  audit: 'platform',
  limits: 'platform',
  jobs: 'worker',
  'contract-access': 'contracts',
  'customer-readings': 'readings',
  'days-off': 'cases',
  'staff-looks': 'looks',
  'payment-exceptions': 'payments',
  'gateway-accounts': 'payments',
  'pay-links': 'payments',
  findings: 'billing',
  passkeys: 'auth',
}

/** Who may write elsewhere, into what, and why. */
const EXCEPTIONS: Record<string, string[]> = {
  // The biller speaks: what it hands over is merged in sets, in one transaction, whatever area it belongs to, out of
  // staging tables that it makes and names itself.
  'lib/feed/': ['contracts', 'billing', 'ledger', 'supply', 'not named'],
  // Notices tell of invoices and contracts, of which the outbox, that everybody writes to, may know nothing.
  'lib/notices/': ['notifications'],
  // What is paid of an invoice stands in its own row, for the portal's busiest page; replaying payments writes it.
  'lib/ledger/replay.ts': ['billing'],
  // What channels say of an address stands in its account's row, which every page reads.
  'lib/notifications/deliverability.ts': ['accounts'],
  // Its callers name the table, and are read for it here.
  'lib/platform/purge.ts': ['not named'],
}

const tables = new Map<string, string>()
for (const file of fs.readdirSync('db/schema')) {
  const name = path.basename(file, '.ts')
  const exported: Record<string, unknown> = await import(`../../db/schema/${file}`)
  for (const [symbol, table] of Object.entries(exported)) {
    if (!is(table, PgTable)) continue
    for (const called of [symbol, getTableName(table)]) tables.set(called, OWNERS[name] ?? name)
  }
}

/** What a file writes into: names of tables, as drizzle's or in SQL, or what stands there instead of one. */
function writtenIn(file: string): string[] {
  const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node) => {
    if (ts.isCallExpression(node)) {
      const { expression, arguments: given } = node
      const isMethod = ts.isPropertyAccessExpression(expression)
      const name = isMethod ? expression.name.text : expression.getText()
      const on = isMethod ? expression.expression.getText() : ''
      if (
        isMethod &&
        ['insert', 'update', 'delete'].includes(name) &&
        /\b(tx|db|database|savepoint)\b/.test(on)
      )
        found.push(given[0]!.getText())
      if (name === 'purge') found.push(given[1]!.getText())
    }
    if (ts.isTemplateExpression(node) || ts.isStringLiteralLike(node)) {
      const written =
        /\b(?:insert into|update|delete from|merge into|copy|truncate)\s+(?:only\s+)?(?:\$\{(\w+)\}|(\w+)(?=\s|$))/gi
      for (const [, table, word] of node.getText().matchAll(written)) {
        if (table || tables.has(word!)) found.push((table ?? word)!)
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const files = fs
  .readdirSync('lib', { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .map(file => `lib/${file}`)

test('an area writes into its own tables alone', () => {
  const wrong = files.flatMap(file => {
    const area = file.split('/')[1]!
    const also = Object.entries(EXCEPTIONS).find(([start]) => file.startsWith(start))?.[1] ?? []
    return writtenIn(file)
      .filter(table => ![area, ...also].includes(tables.get(table) ?? 'not named'))
      .map(table => `${file}: ${table} (${tables.get(table) ?? 'not named'})`)
  })
  expect(wrong).toEqual([])
})
