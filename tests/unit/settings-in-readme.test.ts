// The README tells of every setting there is, of no other, and what it is where nobody sets it.
import fs from 'node:fs'
import { expect, test } from 'vitest'
import { parseEnv, settingNames } from '../../lib/platform/env.ts'

const table = /\| setting \| meaning \| default \|\n\|[ -|]*\n(.*?)\n\n/s.exec(
  fs.readFileSync('README.md', 'utf8'),
)![1]!
const rows = table.split('\n').map(row => {
  const cells = row.split(' | ')
  const names = [...cells[0]!.matchAll(/`(\w+)`/g)].map(([, name]) => name!)
  return { names, fallback: cells.at(-1)!.replace(/ \|$/, '') }
})

test('each setting stands there once', () => {
  // Node.js is started with it.
  const ours = settingNames.filter(name => name !== 'NODE_ENV')
  expect(rows.flatMap(({ names }) => names).sort()).toEqual(ours.sort())
})

test('every number is the one that counts', () => {
  const settings = parseEnv({ DEMO: 'on', APP_URL: 'http://localhost', AUTH_SECRET: 'x'.repeat(32) })
  const numbers = rows.filter(({ fallback }) => /^\d+(, \d+)*$/.test(fallback))
  expect(numbers.length).toBeGreaterThan(20)
  for (const { names, fallback } of numbers) {
    expect(names.map(name => settings[name as 'PORT']).join(', '), names.join()).toBe(fallback)
  }
})
