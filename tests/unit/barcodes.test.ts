// The payment code: written and read, and decoded from the printed page by a scanner's software.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { invoicePdf } from '../../lib/billing/invoice-pdf.ts'
import { type PaymentCode, parsePaymentCode, paymentCode } from '../../lib/billing/payment-code.ts'
import { barcode, type Code, QUIET_ZONE, qrCode, svgPath } from '../../lib/platform/barcodes.ts'
import { visibleText } from '../../lib/platform/text.ts'
import { osheeInvoice } from '../support/invoices.ts'
import { readPdf } from '../support/pdf.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-codes-'))
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

const parts: PaymentCode = { biller: 'oshee', contractCode: 'AL0000001', invoiceNumber: '202401001' }

describe('the payment code', () => {
  it('names biller, customer and invoice', () => {
    expect(paymentCode(parts)).toBe('DRITA1|oshee|AL0000001|202401001')
    expect(parsePaymentCode(' DRITA1|oshee|AL0000001|202401001\n')).toEqual(parts)
  })

  it('comes back whatever a feed stored, in characters of Code 128', () => {
    const part = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .map(visibleText)
      .filter(text => text !== '')
    const codes = fc.record({ biller: part, contractCode: part, invoiceNumber: part })
    fc.assert(
      fc.property(codes, code => {
        expect(paymentCode(code)).toMatch(/^[\x21-\x7e]+$/)
        expect(parsePaymentCode(`${paymentCode(code)}\r\n`)).toEqual(code)
      }),
    )
    expect(paymentCode({ ...parts, invoiceNumber: 'UJË/7|50%' })).toBe(
      'DRITA1|oshee|AL0000001|UJ%C3%8B/7%7C50%25',
    )
  })

  it.each([
    '',
    'DRITA2|a|b|c',
    'DRITA1|a|b',
    'DRITA1|a|b|',
    'DRITA1|a|b|c|d',
    'DRITA1|a|b|%E0%A4',
    'DRITA1|a|b|%20',
  ])('refuses %j', text => expect(parsePaymentCode(text)).toBeUndefined())
})

const only = ['-Sdisable', '-Sqrcode.enable', '-Scode128.enable']
const scan = (file: string): string[] =>
  execFileSync('zbarimg', ['--quiet', '--nodbus', ...only, file], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .sort()

describe('printed codes', () => {
  it.each([
    ['sq', '202401001'],
    ['en', 'OSH-2024/01-000000123456'],
    ['sr', 'UJË/7|50%'],
  ] as const)('are read from the paper of an invoice, in %s, number %s', (locale, invoiceNumber) => {
    const file = path.join(folder, 'invoice')
    fs.writeFileSync(`${file}.pdf`, invoicePdf({ ...osheeInvoice, number: invoiceNumber }, locale))
    execFileSync('pdftoppm', ['-r', '150', '-gray', '-singlefile', '-png', `${file}.pdf`, file])
    const code = paymentCode({ ...parts, invoiceNumber })
    expect(scan(`${file}.png`)).toEqual([`CODE-128:${code}`, `QR-Code:${code}`])
  })

  const fiscal = [
    ['500 characters', 'https://fiscal.example/'.padEnd(500, 'a1B2-')],
    [
      'an address',
      'https://fiscal.example/verify?iic=A1B2C3D4E5F60718293A4B5C6D7E8F90&tin=K12345678L&prc=214.00',
    ],
  ] as const
  it.each(process.env.DEEP ? fiscal : fiscal.slice(0, 1))(
    'of the tax authority are read as the biller gave them, 25 mm across at least: %s',
    (_, fiscalQr) => {
      const file = path.join(folder, 'fiscal')
      const pdf = invoicePdf({ ...osheeInvoice, fiscalQr }, 'sq')
      fs.writeFileSync(`${file}.pdf`, pdf)
      execFileSync('pdftoppm', ['-r', '300', '-gray', '-singlefile', '-png', `${file}.pdf`, file])
      expect(scan(`${file}.png`)).toContain(`QR-Code:${fiscalQr}`)
      // Its box, the first of all pictures.
      const boxes = [...readPdf('pdfinfo', pdf, '-struct').matchAll(/BBox \[(.+?)\]/g)]
      const [left, , right] = boxes[0]![1]!.split(' ').map(Number) as [number, number, number]
      expect(right - left).toBeGreaterThanOrEqual((25 / 25.4) * 72)
    },
  )

  it('leave out a barcode too long to be read, never the QR code', () => {
    const invoiceNumber = `${'N-'.repeat(60)}1`
    const file = path.join(folder, 'long')
    fs.writeFileSync(`${file}.pdf`, invoicePdf({ ...osheeInvoice, number: invoiceNumber }, 'sq'))
    execFileSync('pdftoppm', ['-r', '150', '-gray', '-png', `${file}.pdf`, file])
    const pages = fs.readdirSync(folder).filter(name => /^long-\d+\.png$/.test(name))
    expect(scan(path.join(folder, pages.sort().at(-1)!))).toEqual([
      `QR-Code:${paymentCode({ ...parts, invoiceNumber })}`,
    ])
  })

  it('leave out a QR code too long to be read, too', () => {
    const invoiceNumber = 'Ж'.repeat(200)
    const pdf = invoicePdf({ ...osheeInvoice, number: invoiceNumber }, 'sq')
    expect(readPdf('pdfinfo', pdf, '-struct')).not.toContain('Figure')
  })

  it.each([
    ['QR-Code', qrCode, QUIET_ZONE.qr],
    ['CODE-128', barcode, QUIET_ZONE.barcode],
  ] as const)('are read from a page, drawn as SVG: %s', (kind, make, quiet) => {
    const code: Code = make(paymentCode(parts))
    const height = kind === 'QR-Code' ? 1 : 40
    const [width, rows] = [code.columns + 2 * quiet, code.rows * height + 2 * quiet]
    const file = path.join(folder, kind)
    // As a picture of plain text, four dots a module, from the path alone.
    const dots = Array.from({ length: rows * 4 }, () => new Array<number>(width * 4).fill(0))
    for (const [, x, y, across] of svgPath(code).matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
      for (let row = 0; row < 4 * height; row++)
        dots[(Number(y) + quiet) * 4 + row]!.fill(
          1,
          (Number(x) + quiet) * 4,
          (Number(x) + quiet + Number(across)) * 4,
        )
    fs.writeFileSync(
      `${file}.pbm`,
      `P1\n${width * 4} ${rows * 4}\n${dots.map(row => row.join(' ')).join('\n')}\n`,
    )
    expect(scan(`${file}.pbm`)).toEqual([`${kind}:${paymentCode(parts)}`])
  })
})
