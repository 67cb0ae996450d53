// The statement of a year on paper: every figure once, whole rows, one total, however many invoices there are.
import { describe, expect, it } from 'vitest'
import type { StatedInvoice, YearStatement } from '../../lib/billing/schema.ts'
import { yearStatementPdf } from '../../lib/billing/year-statement-pdf.ts'
import { stoodOn } from '../../lib/billing/year-statement-rules.ts'
import { locales } from '../../lib/i18n/locale.ts'
import { nothingPaid } from '../../lib/ledger/rules.ts'
import { expectLaidOut, pagesOf, readPdf, readText } from '../support/pdf.ts'

const invoice = (month: number, more: Partial<StatedInvoice> = {}): StatedInvoice => ({
  id: month,
  number: `2025${String(month).padStart(2, '0')}004`,
  period: `2025-${String(((month - 1) % 12) + 1).padStart(2, '0')}-01`,
  issuedOn: '2025-06-03',
  dueOn: '2025-06-30',
  units: '313.000',
  readingKind: 'read',
  principal: 330660,
  tvTax: 10000,
  total: 340660,
  net: 275550,
  vat: 55110,
  paid: 340660,
  interest: 0,
  left: 0,
  ...more,
})

const statement = (invoices: StatedInvoice[], more: Partial<YearStatement> = {}): YearStatement => ({
  year: 2025,
  on: '2025-12-31',
  today: '2026-11-24',
  contractCode: 'TR0.A0000000000004',
  biller: {
    code: 'oshee',
    name: 'OSHEE',
    country: 'AL',
    unit: 'kWh',
    legalName: null,
    businessNumber: 'K22218003V',
    address: null,
    phone: null,
    email: null,
  },
  currency: 'ALL',
  level: 'holder',
  holder: { name: 'Mirela Shehu', address: 'Rruga Myslym Shyri 7', businessNumber: null },
  chargesInterest: true,
  invoices,
  earlier: { before: 0, issued: 0, interest: 0, paid: 0, left: 0 },
  ...more,
})

const said = (pdf: Buffer) => readText(pdf).replaceAll('\u00a0', ' ')

describe('the statement of a year', () => {
  it.each([
    ['sq', 'Pasqyra vjetore 2025', '3 406,60', 'Mbetja gjithsej më 31.12.2025'],
    ['en', 'Annual statement 2025', '3,406.60', 'Left to pay in all on 31/12/2025'],
    ['sr', 'Godišnji pregled 2025', '3.406,60', 'Ostatak ukupno na dan 31.12.2025.'],
  ] as const)(
    'in %s says whose it is, each month twice, and what was left',
    (locale, title, amount, left) => {
      const late = { paid: 0, interest: 1234, left: 341894 }
      const pdf = yearStatementPdf(
        statement([1, 2].map(month => invoice(month, month === 2 ? late : {}))),
        locale,
      )
      const text = said(pdf)
      for (const part of [title, 'Mirela Shehu', 'TR0.A0000000000004', left]) expect(text).toContain(part)
      // Of two invoices: billed, the same beside what was paid, and that of one, and in its sum.
      expect(text.split(amount).length - 1).toBe(6)
      for (const number of ['202501004', '202502004']) expect(text.split(number)).toHaveLength(3)
      expectLaidOut(pdf)
      expect(pdf.length).toBeLessThanOrEqual(30_000)
    },
  )

  it.each(locales)('runs on whole over pages, with each total once, in %s', locale => {
    const many = Array.from({ length: 96 }, (_, place) => invoice(place + 1))
    const pdf = yearStatementPdf(
      statement(many, { earlier: { before: 12000, issued: 300, interest: 100, paid: 55, left: 12345 } }),
      locale,
    )
    expect(pagesOf(pdf)).toBeGreaterThan(2)
    const text = said(pdf).replace(/[.,\s]/g, '')
    for (const { number } of many) expect(text.split(number)).toHaveLength(3)
    // 96 × 3406.60, of what was billed and of what stood beside its payments, where it was paid, too.
    expect(text.split('32703360')).toHaveLength(4)
    expect(text.split('12345')).toHaveLength(3)
    expectLaidOut(pdf)
  })

  it('holds the amounts of a large business', () => {
    const large = { principal: 12_345_678_90, total: 12_355_678_90, net: 10_288_065_75, vat: 2_057_613_15 }
    for (const locale of locales) {
      const rows = Array.from({ length: 12 }, (_, place) =>
        invoice(place + 1, {
          ...large,
          units: '1234567.5',
          paid: 0,
          interest: 99_999_99,
          left: 12_455_678_89,
        }),
      )
      expectLaidOut(yearStatementPdf(statement(rows), locale))
    }
  })

  it('tells what was not issued yet, what its lines do not tell, and why the holder is masked', () => {
    const holder = { name: '**', address: '**', businessNumber: '**' }
    const pdf = yearStatementPdf(
      statement([invoice(1), invoice(12, { left: null, net: null, vat: null, paid: 0 })], {
        level: 'masked',
        holder,
      }),
      'en',
    )
    const text = said(pdf)
    expect(text).toMatch(/Not in this table: December 2025, 3,406\.60\s\S+ in all, issued after 31\/12\/2025/)
    // Billed, and not among what was owed: what was is what was paid.
    expect(text.split('202512004')).toHaveLength(2)
    expect(text).toContain('6,813.20')
    expect(text).toContain('printed as ** because')
    expect(text).not.toContain('Mirela')
    expect(readPdf('pdfinfo', pdf)).toMatch(/Tagged:\s+yes/)
  })
})

it('an invoice of the year stands by what was paid and accrued up to its end', () => {
  const terms = [{ fromOn: '2020-01-01', untilOn: null, perDayPpm: 1000, capPercent: 100, recordedAt: 0 }]
  const { net, vat, paid, interest, left, ...stated } = invoice(6)
  const balance = { ...stated, ...nothingPaid(), cancelled: false }
  const of = (on: string) => stoodOn({ ...stated, lines: [] }, balance, terms, on)
  expect(of('2025-06-30')).toMatchObject({ net: null, vat: null, paid: 0, interest: 0, left: 340660 })
  // Ten days of a thousandth of the principal.
  expect(of('2025-07-10')).toMatchObject({ interest: 3307, left: 343967 })
  expect(of('2025-06-02')).toMatchObject({ left: null })
})
