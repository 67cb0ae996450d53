// Texts by area: what links to a shared word says it.
import { expect, it } from 'vitest'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { locales } from '../../lib/i18n/locale.ts'
import { translator } from '../../lib/i18n/translator.ts'

it.each(locales)('no link is left in %s', locale => {
  const texts = catalogue(locale)
  expect(JSON.stringify(texts)).not.toContain('@:')
  expect(texts.pay.month).toBe(texts.words.month)
  expect(catalogue(locale)).toBe(texts)
})

it.each(locales)('help names the pages’ own labels in %s', locale => {
  const { help, payment, invoiceStatus } = catalogue(locale)
  const { question, answer } = help.questions['not-known-yet']
  expect(question).toContain(payment.states.unknown.silent)
  expect(answer).toContain(invoiceStatus.waiting)
})

it('a word that is shared keeps its choices', () => {
  const t = translator('sq', 'contractInfo')
  const supply = 'electricity'
  expect([t('code', { country: 'XK', supply }), t('code', { country: 'AL', supply })]).toEqual([
    'Shifra e konsumatorit',
    'Kodi i klientit',
  ])
})
