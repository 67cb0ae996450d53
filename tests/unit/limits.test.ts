// Limits stand in one file, each counted under a name of its own.
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { settingNames } from '../../lib/platform/env.ts'
import { limits, recordLimits } from '../../lib/platform/limits.ts'

const root = path.resolve(import.meta.dirname, '../..')
/** Those that say how addresses are counted, and how waits grow. */
const OF_ALL = ['LIMIT_IPV6_48_FACTOR', 'LIMIT_LONGEST_WAIT_MINUTES']

test('no two limits are counted under one name', () => {
  const { ofAddress, inAll } = recordLimits('something.refused')
  const names = [...Object.values(limits).map(limit => limit()), ofAddress, inAll].map(({ name }) => name)
  expect(names).toEqual([...new Set(names)])
})

test('limits and their settings stand nowhere else', () => {
  const declared = fs.readFileSync(path.join(root, 'lib/platform/limits.ts'), 'utf8')
  const settings = settingNames.filter(name => name.startsWith('LIMIT_') && !OF_ALL.includes(name))
  expect(settings.filter(name => !declared.includes(`'${name}'`))).toEqual([])
  const elsewhere = ['app', 'components', 'lib']
    .flatMap(folder =>
      fs
        .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .map(file => path.join(folder, file)),
    )
    .filter(file => /\.tsx?$/.test(file) && !/^lib\/platform\/(env|limits)\.ts$/.test(file))
    .filter(file => {
      const text = fs.readFileSync(path.join(root, file), 'utf8')
      return /\bpoints: \d/.test(text) || settings.some(name => text.includes(name))
    })
  expect(elsewhere).toEqual([])
})
