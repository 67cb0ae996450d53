// Limits stand in one file, each counted under a name of its own; how long somebody has to wait is said in words.
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { fillText } from '../../lib/i18n/texts.ts'
import { translator } from '../../lib/i18n/translator.ts'
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

test.each([
  [1, 'pas 1 minute.', 'in 1 minute.', 'za 1 minut.'],
  [22, 'pas 22 minutash.', 'in 22 minutes.', 'za 22 minuta.'],
  [31, 'pas 31 minutash.', 'in 31 minutes.', 'za 31 minut.'],
  [60, 'pas një ore.', 'in an hour.', 'za sat vremena.'],
  [61, 'pas 2 orësh.', 'in 2 hours.', 'za 2 sata.'],
  [240, 'pas 4 orësh.', 'in 4 hours.', 'za 4 sata.'],
  [1201, 'pas 21 orësh.', 'in 21 hours.', 'za 21 sat.'],
])('%s minutes', (minutes, ...said) => {
  const hours = Math.ceil(minutes / 60)
  const texts = (['sq', 'en', 'sr'] as const).map(locale =>
    translator(locale, 'errors')('wait', { minutes, hours }),
  )
  for (const [index, text] of texts.entries()) expect(text.endsWith(said[index]!), text).toBe(true)
})

test.each([
  [1, 'pas 1 minute.', 'in 1 minute.', 'za 1 minut.'],
  [3, 'pas 3 minutash.', 'in 3 minutes.', 'za 3 minuta.'],
  [21, 'pas 21 minutash.', 'in 21 minutes.', 'za 21 minut.'],
])('%s minutes, where no translator is at hand', (minutes, ...said) => {
  for (const [index, locale] of (['sq', 'en', 'sr'] as const).entries()) {
    const { text } = catalogue(locale).tooManyUploads
    expect(fillText(text, { minutes }, locale).endsWith(said[index]!)).toBe(true)
  }
})
