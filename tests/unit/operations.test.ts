// docs/operations.md and the pages behind it: every secret, alert, command, setting and table that an operator meets is there, and no other.
import fs from 'node:fs'
import path from 'node:path'
import { getTableColumns, getTableName, is } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import { describe, expect, it } from 'vitest'
import { alarms as ALARMS } from '../../lib/platform/alarms.ts'
import { settingNames } from '../../lib/platform/env.ts'

const NIGHT = 'docs/operations.md'
const pages = [NIGHT, ...fs.readdirSync('docs/operations').map(name => `docs/operations/${name}`)]
const textOf = (page: string) => fs.readFileSync(page, 'utf8')
const all = pages.map(textOf).join('\n')
const found = (text: string, pattern: RegExp) => [
  ...new Set([...text.matchAll(pattern)].map(([, name]) => name!)),
]
const headings = (page: string) => found(textOf(page), /^#+ (.+)$/gm)

/** As GitHub makes one of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

it('links lead to headings that there are', () => {
  const wrong = pages.flatMap(page =>
    [...textOf(page).matchAll(/\]\(([^)#:]*)#([^)]+)\)/g)]
      .map(([, file, anchor]) => [file ? path.join(path.dirname(page), file) : page, anchor!] as const)
      .filter(([file, anchor]) => !headings(file).map(anchorOf).includes(anchor))
      .map(([file, anchor]) => `${page}: ${file}#${anchor}`),
  )
  expect(wrong).toEqual([])
})

/** Settings that look like secrets, and hold none. */
const OPEN = ['APP_URL', 'DEMO_PASSWORD', 'INFOBIP_BASE_URL']

it('every secret among the settings is told how to change', () => {
  const secret = /SECRET|KEY|PASSWORD|_URL$|^STAFF_DIRECTORIES$/
  const secrets = settingNames.filter(name => secret.test(name) && !OPEN.includes(name))
  expect(secrets.length).toBeGreaterThan(10)
  const sections = textOf('docs/operations/secrets.md')
    .split(/^## /m)
    .slice(1)
    .map(section => section.split('\n\n').slice(0, 2).join())
  // In the heading, or in what stands first below it.
  expect(
    secrets.filter(name => !sections.some(section => new RegExp(`\\b${name}\\b`).test(section))),
  ).toEqual([])
})

describe('alerts', () => {
  const told = textOf(NIGHT).split('\n# Alerts\n')[1]!.split(/^## /m).slice(1)
  const nameOf = (section: string) => section.split('\n')[0]!

  it('each say what they mean and what to do', () => {
    expect(told.length).toBeGreaterThan(30)
    const silent = told.filter(section => !/\*\*It means\*\*/.test(section) || !/\*\*Do\*\*/.test(section))
    expect(silent.map(nameOf)).toEqual([])
  })

  it('are those of deploy/alerts.yml', () => {
    const alerts = found(textOf('deploy/alerts.yml'), /^\s*- alert: (\w+)$/gm)
    expect(told.map(nameOf).sort()).toEqual(alerts.sort())
    for (const section of told) {
      const severity = new RegExp(`alert: ${nameOf(section)}\\n[\\s\\S]*?severity: (\\w+)`).exec(
        textOf('deploy/alerts.yml'),
      )![1]!
      expect(section.toLowerCase(), nameOf(section)).toContain(`\n${severity}. **it means**`)
    }
  })
})

it('commands that are named are there', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }
  expect(found(all, /npm run (?:-s )?([\w:-]+)/g).filter(name => !(name in scripts))).toEqual([])
  // As the command `drita` has it.
  expect(found(all, /(?:^ {4,}|`)drita ([a-z][\w-]*)/gm).filter(name => !(name in scripts))).toEqual([])
  expect(found(all, /\b(bin\/[\w-]+\.ts)\b/g).filter(file => !fs.existsSync(file))).toEqual([])
})

it('files of deploy that are named are there', () => {
  expect(found(all, /\b(deploy\/[\w.-]+\w)/g).filter(file => !fs.existsSync(file))).toEqual([])
})

it('settings that are named are there', () => {
  const named = found(all, /`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`/g)
  expect(named.length).toBeGreaterThan(30)
  const isOfNode = (name: string) => name.startsWith('NODE_')
  expect(named.filter(name => !settingNames.includes(name) && !isOfNode(name))).toEqual([])
})

it('every line of the log that wants somebody is told of', () => {
  const sources = fs
    .readdirSync('lib', { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => textOf(`lib/${name}`))
    .join('\n')
  const alarms = found(sources, /'ALARM: ([^']+)'/g)
  expect(alarms.length).toBeGreaterThan(10)
  const rows = found(textOf(NIGHT), /^\| `(.+?)` \| .+$/gm)
  expect(alarms.filter(alarm => !rows.some(row => alarm.startsWith(row)))).toEqual([])
  // Metrics count those alone.
  const begin = (one: string) => ALARMS.filter(alarm => one.startsWith(alarm)).length
  expect(alarms.filter(alarm => begin(alarm) !== 1)).toEqual([])
  expect(ALARMS.filter(one => !rows.includes(one))).toEqual([])
  const [, apart] = /alarm!~"([^"]+)"/.exec(textOf('deploy/alerts.yml'))!
  expect(apart!.split('|').filter(one => begin(one) !== 1)).toEqual([])
})

it('every table about people is among the personal data, and no other is named', async () => {
  const tables: string[] = []
  const ofPeople: string[] = []
  for (const file of fs.readdirSync('db/schema')) {
    const exported: Record<string, unknown> = await import(`../../db/schema/${file}`)
    for (const table of Object.values(exported)) {
      if (!is(table, PgTable)) continue
      tables.push(getTableName(table))
      if ('accountId' in getTableColumns(table)) ofPeople.push(getTableName(table))
    }
  }
  expect(ofPeople.length).toBeGreaterThan(20)
  const page = textOf('docs/operations/personal-data.md')
  const rows = page.split('\n').filter(line => line.startsWith('| `'))
  const named = rows.flatMap(row => found(row.split(' | ')[0]!, /`([a-z_]+)`/g))
  expect(ofPeople.filter(table => !named.includes(table))).toEqual([])
  expect(named.filter(table => !tables.includes(table))).toEqual([])
})
