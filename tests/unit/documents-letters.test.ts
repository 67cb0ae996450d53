// The text of a PDF is the text that went into it: whatever the letters, however long, whatever was made before.
import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { invoicePdf } from '../../lib/billing/invoice-pdf.ts'
import type { Invoice } from '../../lib/billing/schema.ts'
import { locales } from '../../lib/i18n/locale.ts'
import { receiptPdf } from '../../lib/payments/receipt-pdf.ts'
import { isPrintable, toPrintable } from '../../lib/platform/printable.ts'
import { businessCertificate, certificatePdf, householdCertificate, owing } from '../support/certificates.ts'
import { osheeInvoice, osheeReceipt } from '../support/invoices.ts'
import { compact, expectLaidOut, pagesOf, readPdf, readText } from '../support/pdf.ts'

const at = (address: string): Invoice => ({ ...osheeInvoice, holder: { ...osheeInvoice.holder, address } })

describe('the letters of an address', () => {
  it('are read back whatever document was made before', () => {
    // The Z and the Y of the second are parts of letters of the first, and so is the dotless i of the third.
    for (const address of ['Rruga Žitorađa 4, Ýmer', 'Rruga Zef Zogu 4, Yll', 'Kılıç Yıldız Sokağı 3'])
      expect(readText(invoicePdf(at(address), 'sq'))).toContain(address)
  })

  it.each(['Улица Краља Петра 12, Северна Митровица', 'Οδός Ερμού 5'])(
    'may be of another script: %s',
    address => {
      const pdf = invoicePdf(at(address), 'sr')
      expect(readText(pdf)).toContain(address)
      expect(readPdf('pdffonts', pdf)).toMatch(/NotoSans-Regular.*yes yes yes/)
    },
  )

  it('load no second typeface where the first one has them', () => {
    expect(readPdf('pdffonts', invoicePdf(osheeInvoice, 'sr'))).not.toContain('Noto')
  })

  it.each([
    ['Rruga e Dibrës 5 � 044', 'Rruga e Dibrës 5 ☎️ 044'],
    ['Rruga 5', 'Rruga 5\ufe0f\u{e0100}'],
    ['Rruga �� 5', 'Rruga של 5'],
    ['Zu�e 5', 'Zu\u200de 5'],
    ['Ëndrra e �adhe x�', 'E\u0308ndrra e m\u0323adhe x\u0301'],
  ])('are replaced by a visible character where they cannot be printed: %j', (printed, address) => {
    expect(readText(invoicePdf(at(address), 'sq'))).toContain(printed)
  })
})

describe('the same document', () => {
  it.each(locales)('is the same file, in %s', locale => {
    expect(invoicePdf(osheeInvoice, locale).equals(invoicePdf(osheeInvoice, locale))).toBe(true)
    expect(receiptPdf(osheeReceipt, locale).equals(receiptPdf(osheeReceipt, locale))).toBe(true)
    const certificate = businessCertificate(7, { locale })
    expect(certificatePdf(certificate).equals(certificatePdf(certificate))).toBe(true)
  })

  it('holds the same fonts as most others, and is the same whatever was made in between', () => {
    const fontsOf = (pdf: Buffer) => {
      const files = new Set<string>()
      for (const [, content] of pdf.toString('latin1').matchAll(/stream\n([\s\S]*?)\nendstream/g)) {
        const bytes = inflateSync(Buffer.from(content!, 'latin1'))
        if (bytes.toString('latin1', 0, 4) === 'true')
          files.add(createHash('sha256').update(bytes).digest('hex'))
      }
      return [...files].sort()
    }
    const named = (name: string) =>
      invoicePdf({ ...osheeInvoice, holder: { ...osheeInvoice.holder, name } }, 'sq')
    const before = named('Ëngjëll Xhaferri')
    expect(fontsOf(before)).toHaveLength(2)
    expect(fontsOf(named('Đorđe Živković'))).toEqual(fontsOf(before))
    expect(fontsOf(named('Gül Şahin'))).not.toEqual(fontsOf(before))
    expect(named('Ëngjëll Xhaferri').equals(before)).toBe(true)
  })

  it('says the day it shows as the day it was made', () => {
    expect(readPdf('pdfinfo', invoicePdf(osheeInvoice, 'sq'), '-isodates')).toMatch(
      /CreationDate:\s+2026-11-21T00:00:00Z\nModDate:\s+2026-11-21T00:00:00Z/,
    )
    expect(readPdf('pdfinfo', receiptPdf(osheeReceipt, 'sq'), '-isodates')).toMatch(
      /CreationDate:\s+2026-11-21T22:30:00Z/,
    )
  })
})

it('what no typeface draws is replaced in the second language, too', () => {
  const pdf = invoicePdf({ ...osheeInvoice, number: '6️7字' }, 'sr')
  const read = readText(pdf)
  expect(read).toContain('67�')
  expect(read).not.toContain('字')
})

it('a number of 180 digits is printed whole, and leaves the others their room', () => {
  const pdf = invoicePdf({ ...osheeInvoice, number: '8'.repeat(180) }, 'sq')
  const read = readText(pdf)
  // In the heading and in the payment part.
  expect(compact(read).match(/8{180}/g)).toHaveLength(2)
  expect(read).toContain('Kompania Kodi i klientit Numri i faturës OSHEE AL0000001 888')
  expect(pagesOf(pdf)).toBe(1)
  expectLaidOut(pdf)
})

const charactersBetween = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => String.fromCharCode(first + index)).filter(
    isPrintable,
  )
const latin = charactersBetween(0x20, 0x24f)
const cyrillic = charactersBetween(0x400, 0x52f)
const greek = charactersBetween(0x370, 0x3ff)
const awkward = [...'\u0301\u0323\u200b\u200d\u202e\ufe0f\u00ad\u2003שعل☎😀字'].concat('👨‍👩‍👧')
const scripts = {
  latin: fc.constantFrom(...latin),
  cyrillic: fc.constantFrom(...cyrillic, ' '),
  greek: fc.constantFrom(...greek, ' '),
  widest: fc.constantFrom('W', '—'),
  all: fc.constantFrom(...latin, ...cyrillic, ...greek),
  anything: fc.oneof(fc.constantFrom(...awkward, ...latin), fc.string({ unit: 'grapheme', maxLength: 1 })),
}
type Script = keyof typeof scripts

/** As a feed leaves it: composed, with single blanks, and no longer than its column takes. */
const text = (script: Script, limit: number) =>
  fc
    .string({ unit: scripts[script], minLength: 1, maxLength: limit, size: 'max' })
    .map(value =>
      Array.from(value.normalize('NFC').replace(/\s+/g, ' ').trim()).slice(0, limit).join('').trim(),
    )
    .filter(value => toPrintable(value).trim() !== '')

const script = fc.constantFrom(...(Object.keys(scripts) as Script[]))
// A failure is shown as it is: to look for a smaller one would take minutes.
const RUNS = process.env.DEEP ? 600 : 8

describe('whatever the texts, up to the limits of their columns,', () => {
  const texts = script.chain(chosen =>
    fc.record({
      script: fc.constant(chosen),
      locale: fc.constantFrom(...locales),
      number: text(chosen, 200),
      meterNumber: fc.option(text(chosen, 200)),
      tariffGroup: fc.option(text(chosen, 200)),
      name: text(chosen, 401),
      address: fc.option(text(chosen, 300)),
      phone: fc.option(text(chosen, 200)),
      personalNumber: fc.option(text(chosen, 200)),
      businessNumber: fc.option(text(chosen, 200)),
      codes: fc.array(text(chosen, 200), { maxLength: 6 }),
    }),
  )

  it('an invoice is laid out, bounded, and says them', () => {
    fc.assert(
      fc.property(texts, ({ script: chosen, locale, number, meterNumber, tariffGroup, codes, ...holder }) => {
        const lines = codes.map(code => ({ ...osheeInvoice.lines[1]!, code }))
        const invoice: Invoice = {
          ...osheeInvoice,
          number,
          tariffGroup,
          holder: { ...holder, meterNumber },
          lines,
        }
        const pdf = invoicePdf(invoice, locale)
        const read = compact(readText(pdf))
        for (const value of [number, meterNumber, tariffGroup, ...Object.values(holder), ...codes])
          if (value) expect(read).toContain(compact(toPrintable(value)))
        expectLaidOut(pdf)
        expect(pdf.length).toBeLessThan(chosen === 'all' ? 63_000 : 45_000)
        expect(pdf.equals(invoicePdf(invoice, locale))).toBe(true)
      }),
      { endOnFailure: true, numRuns: RUNS },
    )
  })

  it('a receipt is laid out, bounded, and says them', () => {
    const receipts = script.chain(chosen =>
      fc.record({
        locale: fc.constantFrom(...locales),
        holderName: text(chosen, 401),
        invoiceNumbers: fc.array(text(chosen, 200), { minLength: 1, maxLength: 5 }),
        amount: fc.integer({ min: 1, max: 100_000_000_000 }),
      }),
    )
    fc.assert(
      fc.property(receipts, ({ locale, holderName, invoiceNumbers, amount }) => {
        const [first] = osheeReceipt.contracts
        const [line] = first!.lines
        const lines = invoiceNumbers.map(invoiceNumber => ({
          ...line!,
          invoiceNumber,
          principal: amount,
          total: amount,
        }))
        const contracts = [{ ...first!, holderName, lines }]
        const pdf = receiptPdf({ ...osheeReceipt, contracts, amount }, locale)
        const read = compact(readText(pdf))
        for (const value of [holderName, ...invoiceNumbers])
          expect(read).toContain(compact(toPrintable(value)))
        expectLaidOut(pdf)
        expect(pdf.length).toBeLessThan(45_000)
      }),
      { endOnFailure: true, numRuns: RUNS / 2 },
    )
  })

  it('a certificate is laid out, bounded, and says them', () => {
    const certificates = script.chain(chosen =>
      fc.record({
        locale: fc.constantFrom(...locales),
        nipt: text(chosen, 40),
        businessName: text(chosen, 300),
        legalRepresentative: text(chosen, 300),
        holder: text(chosen, 300),
        addresses: fc.array(text(chosen, 300), { minLength: 1, maxLength: 5 }),
        amount: fc.integer({ min: 0, max: 100_000_000_000 }),
      }),
    )
    fc.assert(
      fc.property(certificates, ({ locale, addresses, amount, ...business }) => {
        const due = { principal: amount, tvTax: amount, interest: amount }
        const { biller } = householdCertificate
        const certificate = owing(
          businessCertificate(1, { locale, biller, business }),
          addresses.map(() => due),
        )
        const contracts = certificate.contracts.map((contract, index) => ({
          ...contract,
          address: addresses[index]!,
        }))
        const pdf = certificatePdf({ ...certificate, contracts })
        const read = compact(readText(pdf))
        for (const value of [...addresses, ...Object.values(business)])
          expect(read).toContain(compact(toPrintable(value)))
        expectLaidOut(pdf)
        expect(pdf.length).toBeLessThan(63_000)
      }),
      { endOnFailure: true, numRuns: RUNS / 2 },
    )
  })

  it('an invoice is one page where they are as long as such texts are', () => {
    const usual = fc.constantFrom<Script>('latin', 'cyrillic', 'greek').chain(chosen =>
      fc.record({
        locale: fc.constantFrom(...locales),
        number: text(chosen, 20),
        name: text(chosen, 50),
        address: text(chosen, 80),
        meterNumber: text(chosen, 15),
      }),
    )
    fc.assert(
      fc.property(usual, ({ locale, number, name, address, meterNumber }) => {
        const holder = { ...osheeInvoice.holder, name, address, meterNumber }
        const pdf = invoicePdf({ ...osheeInvoice, number, holder }, locale)
        expect(pagesOf(pdf)).toBe(1)
        expect(pdf.length).toBeLessThan(30_000)
      }),
      { endOnFailure: true, numRuns: RUNS / 2 },
    )
  })
})
