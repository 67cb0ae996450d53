// Paying by transfer: what the setting may say, what the slip then shows, and its QR code, read by a scanner's software.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { afterAll, describe, expect, it } from 'vitest'
import { InvoiceDocument } from '../../components/invoice-document.tsx'
import { invoiceContent } from '../../lib/billing/invoice-content.ts'
import { invoicePdf } from '../../lib/billing/invoice-pdf.ts'
import { paymentCode } from '../../lib/billing/payment-code.ts'
import type { Invoice } from '../../lib/billing/schema.ts'
import { transferCode } from '../../lib/billing/transfer.ts'
import { locales } from '../../lib/i18n/locale.ts'
import { qrCode, svgPath } from '../../lib/platform/barcodes.ts'
import { parseEnv } from '../../lib/platform/env.ts'
import { isCreditorReference, isIban, type TransferDetails } from '../../lib/platform/transfer-details.ts'
import { kescoInvoice, osheeInvoice } from '../support/invoices.ts'
import { expectLaidOut, pagesOf, textOf } from '../support/pdf.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-transfer-'))
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

const ONLY = ['-Sdisable', '-Sqrcode.enable', '-Scode128.enable']

// No bank has 9999.
const IBAN = 'XK139999000123456789'
const given = { beneficiary: 'Furnizuesi i Provës sh.a.', iban: 'XK13 9999 0001 2345 6789' }
const settingOf = (of: unknown) =>
  parseEnv({
    DEMO: '1',
    APP_URL: 'http://localhost:3000',
    AUTH_SECRET: 'x'.repeat(32),
    TRANSFER_DETAILS: JSON.stringify(of),
  }).TRANSFER_DETAILS
const detailsOf = (more: Partial<Record<keyof TransferDetails, string>> = {}) =>
  settingOf({ kesco: { ...given, ...more } }).kesco!

const withQr: Invoice = { ...kescoInvoice, transfer: detailsOf({ qr: 'EPC069-12' }) }

describe('the setting', () => {
  it('names accounts by billers, and may be left out', () => {
    expect(detailsOf()).toEqual({
      ...{ beneficiary: given.beneficiary, iban: IBAN, bic: null },
      ...{ reference: 'paymentReference', qr: null },
    })
    expect(settingOf({})).toEqual({})
  })

  it.each([
    ['a digit of the IBAN wrong', { kesco: { ...given, iban: 'XK13 9999 0001 2345 6788' } }, 'kesco.iban'],
    ['two of them the wrong way round', { kesco: { ...given, iban: 'XK139999000123457689' } }, 'kesco.iban'],
    ['an IBAN of another length', { kesco: { ...given, iban: 'XK0512120123456789' } }, 'kesco.iban'],
    ['no such biller', { kescoo: given }, 'its beginning'],
    ['a name of two lines', { kesco: { ...given, beneficiary: 'A\nB' } }, 'kesco.beneficiary'],
    ['another code', { kesco: { ...given, qr: 'EPC024-22' } }, 'kesco.qr'],
    ['an unknown field', { kesco: { ...given, ibann: IBAN } }, 'kesco'],
    [
      'the code of euro for lek',
      { oshee: { ...given, iban: 'AL75999999990000000000123456', qr: 'EPC069-12' } },
      'oshee.qr: that code is for euro alone',
    ],
    [
      'the code with a letter that scanners misread',
      { kesco: { ...given, beneficiary: 'Đorđe', qr: 'EPC069-12' } },
      'kesco.qr: that code cannot hold a letter of the beneficiary',
    ],
  ])('is refused at the start: %s', (_, of, where) => {
    expect(() => settingOf(of)).toThrow(`The setting TRANSFER_DETAILS is wrong at ${where}`)
  })

  it('knows numbers by their check digits', () => {
    for (const iban of [IBAN, 'AL75999999990000000000123456', 'XK051212012345678906'])
      expect(isIban(iban)).toBe(true)
    expect(isCreditorReference('RF28A12345')).toBe(true)
    expect(isCreditorReference('RF29A12345')).toBe(false)
  })
})

describe('the text of the QR code', () => {
  it('names the account, what is due today and the code of the contract', () => {
    expect(transferCode(withQr)).toBe(
      ['BCD', '002', '1', 'SCT', '', 'Furnizuesi i Proves sh.a.', IBAN, 'EUR54.09', '', '', 'DPR-6687'].join(
        '\n',
      ),
    )
  })

  it('has the reference of the feed instead where there is one, unless the setting says the code', () => {
    const fed = { ...withQr, paymentReference: '0087-2231' }
    expect(transferCode(fed)!.split('\n').slice(9)).toEqual(['', '0087-2231'])
    const always = { ...fed, transfer: { ...fed.transfer!, reference: 'contractCode' as const } }
    expect(transferCode(always)!.split('\n').slice(9)).toEqual(['', 'DPR-6687'])
    // With check digits of its own it stands where banks check them.
    expect(
      transferCode({ ...withQr, paymentReference: 'RF28A12345' })!
        .split('\n')
        .slice(9),
    ).toEqual(['RF28A12345'])
  })

  it('is made only where the biller has such a code', () => {
    expect(transferCode(kescoInvoice)).toBeNull()
    expect(transferCode({ ...kescoInvoice, transfer: detailsOf() })).toBeNull()
    for (const paymentReference of ['1'.repeat(141), 'UJË/7'])
      expect(transferCode({ ...withQr, paymentReference })).toBeNull()
  })
})

describe('the slip', () => {
  const pageOf = (invoice: Invoice) =>
    renderToStaticMarkup(createElement(InvoiceDocument, { content: invoiceContent(invoice, 'en') }))
  const own = paymentCode({
    biller: 'kesco',
    contractCode: 'DPR-6687',
    invoiceNumber: kescoInvoice.number,
  })

  it('shows account, reference and amount, and what banks’ apps scan', () => {
    const page = pageOf({ ...withQr, paymentReference: '0087-2231' })
    for (const part of ['XK13 9999 0001 2345 6789', given.beneficiary, 'Transfer reference', '€54.09'])
      expect(page).toContain(part)
    expect(page).toContain(svgPath(qrCode(transferCode({ ...withQr, paymentReference: '0087-2231' })!)))
    // On a phone, for the counter.
    expect(page).toContain(svgPath(qrCode(own)))
    expect(page.match(/role="img"/g)).toHaveLength(3)
    // With the supply, in the words for the code, and once on the slip.
    expect(page.match(/0087-2231/g)).toHaveLength(3)
  })

  it('keeps our QR code where the biller has an account and no code, and where that cannot hold the reference', () => {
    for (const invoice of [
      { ...kescoInvoice, transfer: detailsOf() },
      { ...withQr, paymentReference: 'UJË/7' },
    ]) {
      const page = pageOf(invoice)
      expect(page).toContain('XK13 9999')
      expect(page).toContain(svgPath(qrCode(own)))
      expect(page.match(/role="img"/g)).toHaveLength(2)
    }
  })

  it('is as it was without the setting', () => {
    for (const invoice of [kescoInvoice, osheeInvoice]) expect(pageOf(invoice)).not.toMatch(/IBAN|transfer/i)
  })

  it.each(process.env.DEEP ? locales : ['sr' as const])('is read from paper, on one page, in %s', locale => {
    const beneficiary = kescoInvoice.biller.legalName!
    const invoice = {
      ...withQr,
      transfer: { ...withQr.transfer!, beneficiary, bic: 'XXXXXKPR' },
      paymentReference: '100234567890123',
    }
    const pdf = invoicePdf(invoice, locale)
    const file = path.join(folder, locale)
    fs.writeFileSync(`${file}.pdf`, pdf)
    expect(pagesOf(pdf)).toBe(1)
    expectLaidOut(pdf)
    execFileSync('pdftoppm', ['-r', '150', '-gray', '-singlefile', '-png', `${file}.pdf`, file])
    const read = execFileSync('zbarimg', ['--quiet', '--nodbus', '--raw', ...ONLY, `${file}.png`], {
      encoding: 'utf8',
    })
    expect(read).toContain(transferCode(invoice)!)
    expect(read).toContain(own)
    expect(textOf(pdf)).toContain('XK13 9999 0001 2345 6789')
  })
})
