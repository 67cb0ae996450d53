// When `npm start` and `npm test` install the packages.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { packagesPresent } from '../../bin/start/install.mjs'

let root = ''
const one = { version: '1.0.0', integrity: 'sha512-a' }
const write = (file: string, packages: object) => {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
  fs.writeFileSync(path.join(root, file), JSON.stringify({ packages }))
}
const add = (name: string) => write(`${name}/package.json`, {})

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-install-'))
  const packages = { 'node_modules/a': one, 'node_modules/a/node_modules/@b/c': one }
  write('package-lock.json', { '': {}, ...packages, 'node_modules/other': { ...one, optional: true } })
  write('node_modules/.package-lock.json', packages)
  for (const name of Object.keys(packages)) add(name)
})
afterEach(() => fs.rmSync(root, { recursive: true }))

test('all that is wanted is there, but for what is of another platform', () => {
  expect(packagesPresent(root, true)).toBe(true)
})

test.each([
  'node_modules/.package-lock.json',
  'node_modules/a',
  'node_modules/a/package.json',
  'node_modules/a/node_modules/@b/c',
])('%s is gone', name => {
  fs.rmSync(path.join(root, name), { recursive: true })
  expect(packagesPresent(root, true)).toBe(false)
})

test('another version is wanted', () => {
  write('package-lock.json', { '': {}, 'node_modules/a': { ...one, version: '1.0.1' } })
  expect(packagesPresent(root, true)).toBe(false)
})

test('packages for development alone are missed only by who needs them', () => {
  const packages = { 'node_modules/a': one, 'node_modules/a/node_modules/@b/c': one }
  write('package-lock.json', { '': {}, ...packages, 'node_modules/d': { ...one, dev: true } })
  expect([packagesPresent(root, true), packagesPresent(root, false)]).toEqual([false, true])
  write('node_modules/.package-lock.json', { ...packages, 'node_modules/d': { ...one, dev: true } })
  add('node_modules/d')
  expect([packagesPresent(root, true), packagesPresent(root, false)]).toEqual([true, true])
})

test('no override is of one package’s alone: the npm 9 of Debian 12 and 13 installs nothing then (ERESOLVE)', () => {
  const { overrides } = JSON.parse(fs.readFileSync('package.json', 'utf8'))
  expect(Object.values(overrides).filter(one => typeof one !== 'string')).toEqual([])
})
