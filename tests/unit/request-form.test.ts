// Which kinds of requests a biller hears, and what their forms ask: from the catalogue, in every language.
import { describe, expect, it } from 'vitest'
import { HELPS } from '../../app/(portal)/contract-requests/new/help.ts'
import { billers } from '../../db/billers.ts'
import {
  hearsKind,
  kindsOfType,
  readKind,
  readType,
  requestCodes,
  requestKind,
  requestTypes,
} from '../../lib/cases/catalogue.ts'
import { requestForm } from '../../lib/cases/forms.ts'
import { locales } from '../../lib/i18n/locale.ts'
import { translator } from '../../lib/i18n/translator.ts'
import { readForm } from '../support/read-form.ts'

const kindsOf = (biller: string) => requestTypes.flatMap(type => kindsOfType(type, biller))

describe('the kinds that a biller hears', () => {
  it('are all where it supplies electricity', () => {
    expect(kindsOf('oshee')).toEqual(requestCodes)
    expect(kindsOf('kesco')).toEqual(requestCodes)
  })

  it('say nothing of voltage and power where it sells water, and nothing of meters where it has none', () => {
    expect(requestCodes.filter(code => !hearsKind('ukt', code))).toEqual(['F2', 'D4', 'D5', 'C2', 'C3'])
    for (const biller of ['albtelecom', 'digitalb'])
      expect(kindsOf(biller).join(' ')).toBe('F3 F5 D1 D2 D3 P1 P2 P3 P4 P5 C1 C4')
    expect(kindsOf('police-fines').join(' ')).toBe('P1 P2 P3 P4 P5')
  })

  it('are some of each type or the type is not offered', () => {
    for (const biller of Object.keys(billers)) {
      for (const type of requestTypes) {
        for (const code of kindsOfType(type, biller)) expect(code[0]).toBe(type)
      }
    }
    expect(kindsOfType('M', 'digitalb')).toEqual([])
  })
})

it.each([
  ['F1', 'invoice meterNumber currentReading'],
  ['F5', 'invoice'],
  ['D2', 'newValue'],
  ['P1', 'invoice'],
  ['P5', 'months'],
  ['C1', ''],
  ['M2', 'meterNumber currentReading'],
])('%s asks "%s" besides a note and documents', (code, fields) => {
  expect([...requestKind(readKind(code)!).fields].join(' ')).toBe(fields)
})

it('an address names a kind and a type, or nothing', () => {
  expect([readKind('F2'), readKind('F9'), readKind('constructor'), readKind(['F2'])]).toEqual([
    'F2',
    undefined,
    undefined,
    undefined,
  ])
  expect([readType('F'), readType('X'), readType(undefined)]).toEqual(['F', undefined, undefined])
})

it('nothing but the note has to be filled in', () => {
  const least = { type: 'F', kind: 'F1', intent: 'send' }
  expect(readForm(requestForm, { ...least, note: 'It shows less.' }).ok).toBe(true)
  expect(readForm(requestForm, least)).toEqual({ ok: false, code: 'required' })
  expect(readForm(requestForm, { ...least, note: 'x', currentReading: 'many' })).toEqual({
    ok: false,
    code: 'readingForm',
  })
  expect(readForm(requestForm, { ...least, note: 'x', currentReading: '18 102,5' }).ok).toBe(true)
})

it.each(locales)('every kind and paper has its words in %s, by the country’s', locale => {
  const t = translator(locale, 'request')
  const help = translator(locale, 'help')
  for (const country of ['AL', 'XK'] as const) {
    for (const code of requestCodes) {
      expect(t(`about.${code}`, { country })).not.toContain('request.about')
      for (const paper of requestKind(code).papers)
        expect(t(`papers.${paper}`, { country })).not.toContain('request.papers')
      const question = HELPS[code]
      if (question) expect(help(`questions.${question}.question`)).not.toContain('help.questions')
    }
  }
})
