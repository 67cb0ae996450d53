// Billers as data: each is complete in every language, and a new one brings its own mark and words.
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ContractTabs } from '../../components/contract-tabs.tsx'
import { Letterhead } from '../../components/letterhead.tsx'
import type { Biller } from '../../db/billers/biller.ts'
import { type BillerCode, billerCodes, billerOf, billers } from '../../db/billers.ts'
import { readContractCode } from '../../lib/billers/contract-codes.ts'
import { contractCode } from '../../lib/billers/fields.ts'
import { issues } from '../../lib/billers/supply.ts'
import { invoiceContent } from '../../lib/billing/invoice-content.ts'
import { invoicePdf } from '../../lib/billing/invoice-pdf.ts'
import type { Invoice } from '../../lib/billing/schema.ts'
import { hasTvTax, NOTHING_DUE } from '../../lib/certificates/rules.ts'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { locales } from '../../lib/i18n/locale.ts'
import { translator } from '../../lib/i18n/translator.ts'
import { osheeInvoice } from '../support/invoices.ts'
import { expectLaidOut, textOf } from '../support/pdf.ts'

const WITHOUT_METERS = billerCodes.filter(code => billerOf(code).unit === 'none')

describe.each(locales)('every biller has its texts in %s', locale => {
  const { fields, welcome } = catalogue(locale)
  const t = translator(locale, 'errors')

  it.each(billerCodes)('%s', code => {
    expect(fields.contractCode.hints[code]).toBeTruthy()
    expect(welcome.supplies[code]).toBeTruthy()
    const wrong = contractCode.read('?!', { biller: code })
    expect(wrong).toMatchObject({
      error: 'contractCodeForm',
      values: { biller: code, supply: billerOf(code).supplies },
    })
    const said = t('contractCodeForm', { biller: code, supply: billerOf(code).supplies })
    // Each explains its own: in other words than of any other biller.
    for (const other of billerCodes.filter(one => one !== code))
      expect(t('contractCodeForm', { biller: other, supply: billerOf(other).supplies })).not.toBe(said)
  })

  it('of those without meters nothing speaks of meters', () => {
    const meter = { en: /meter|kWh|reading/i, sq: /matës|njehsor|kWh|lexim/i, sr: /brojil|kWh|očitav/i }[
      locale
    ]
    for (const code of WITHOUT_METERS) {
      const { country, supplies: supply } = billerOf(code)
      const said = [
        translator(locale, 'contractTabs')('history', { supply }),
        translator(locale, 'history')('contractTitle', { supply }),
        translator(locale, 'requests')('none.all', { country, supply }),
        translator(locale, 'whyMasked')('otherHolder', { biller: 'X', country, supply }),
      ]
      for (const text of said) expect(text).not.toMatch(meter)
    }
  })
})

it('the TV tax is one of the amounts of Albanian electricity, and of others where it is owed', () => {
  const shown = billerCodes.filter(code => hasTvTax(code, NOTHING_DUE))
  expect(shown).toEqual(['oshee'])
  expect(hasTvTax('kesco', { ...NOTHING_DUE, tvTax: 1 })).toBe(true)
})

it('certificates are issued by those that say so', () => {
  expect(billerCodes.filter(code => !issues(code, 'household'))).toEqual(['police-fines'])
})

describe('a biller with a mark of its own', () => {
  const code = 'test-water' as BillerCode
  const path = 'M0 0h120v40H0z'
  beforeAll(() => {
    const added: Biller = { ...billers.ukt, id: 900, logo: { width: 120, height: 40, path } }
    Object.assign(billers, { [code]: added })
  })
  afterAll(() => {
    delete (billers as Partial<Record<string, Biller>>)[code]
  })
  const of = (biller: BillerCode): Invoice => ({
    ...osheeInvoice,
    biller: { ...osheeInvoice.biller, code: biller },
  })

  it('bears it at the head of its contracts’ pages and of its documents, beside its name', () => {
    const head = (biller: BillerCode) =>
      renderToStaticMarkup(
        createElement(Letterhead, { letterhead: invoiceContent(of(biller), 'en').letterhead }),
      )
    const tabs = (biller: BillerCode) =>
      renderToStaticMarkup(
        createElement(ContractTabs, {
          contract: {
            alias: null,
            address: null,
            category: 'household',
            code: '1234',
            biller: { code: biller, name: 'Ujësjellësi', country: 'AL' },
            level: 'holder',
          },
          current: 'pay',
          locale: 'en',
        }),
      )
    for (const markup of [head(code), tabs(code)]) expect(markup).toContain(`d="${path}"`)
    for (const markup of [head('ukt'), tabs('ukt')]) expect(markup).not.toContain('biller-mark')
    expect(head(code)).toContain(osheeInvoice.biller.legalName)
  })

  it('and of its PDFs, which it leaves whole', () => {
    const [without, withIt] = [invoicePdf(of('ukt'), 'sq'), invoicePdf(of(code), 'sq')]
    expect(withIt.length).toBeGreaterThan(without.length)
    expect(textOf(withIt)).toContain(osheeInvoice.biller.legalName)
    expectLaidOut(withIt)
  })

  it('reads its codes and hears what it says', () => {
    expect(readContractCode(code, '12-34')).toBe('12-34')
    expect(billerOf(code).requests).toContain('M1')
  })
})
