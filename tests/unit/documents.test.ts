// PDFs as poppler reads them: the right text, tags, fonts, language, size and number of pages.
import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { invoiceContent } from '../../lib/billing/invoice-content.ts'
import { invoicePdf } from '../../lib/billing/invoice-pdf.ts'
import type { Invoice } from '../../lib/billing/schema.ts'
import { type Locale, locales } from '../../lib/i18n/locale.ts'
import { receiptPdf } from '../../lib/payments/receipt-pdf.ts'
import type { Receipt } from '../../lib/payments/schema.ts'
import { kescoInvoice as kesco, osheeInvoice as oshee, osheeReceipt } from '../support/invoices.ts'
import { expectLaidOut, pagesOf, readPdf as read, readText, textOf } from '../support/pdf.ts'

const objectsOf = (pdf: Buffer) => {
  const at = pdf.indexOf('stream\n', pdf.indexOf('/Type /ObjStm')) + 7
  return inflateSync(pdf.subarray(at, pdf.indexOf('\nendstream', at))).toString('latin1')
}

const stars = {
  name: '**',
  address: '**',
  phone: '**',
  personalNumber: '**',
  businessNumber: '**',
  meterNumber: '**',
}

describe('an invoice as PDF', () => {
  it.each([
    [
      'sq',
      'Fatura K-2023-04-6687',
      'Prill 2023',
      '0,0779 € 37,39 €',
      'Shifra e konsumatorit DPR-6687',
      'Për t’u paguar 54,09 €',
    ],
    [
      'en',
      'Invoice K-2023-04-6687',
      'April 2023',
      '€0.0779 €37.39',
      'Customer code Shifra e konsumatorit DPR-6687',
      'To pay Për t’u paguar €54.09',
    ],
    [
      'sr',
      'Račun K-2023-04-6687',
      'April 2023.',
      '0,0779 € 37,39 €',
      'Šifra potrošača Shifra e konsumatorit DPR-6687',
      'Za plaćanje Për t’u paguar 54,09 €',
    ],
  ] as const)('says in %s what the page says', (locale, title, month, line, code, due) => {
    const pdf = invoicePdf(kesco, locale)
    const text = textOf(pdf)
    for (const part of [title, month, line, code, due, '0800 791 00 · info@kesco-energy.com', 'K200001'])
      expect(text).toContain(part)
    for (const part of Object.values(kesco.holder)) if (part) expect(text).toContain(part)
    expect(read('pdfinfo', pdf)).toMatch(
      /Tagged:\s+yes[\s\S]*Page size:\s+595.28 x 841.89 pts \(A4\)[\s\S]*PDF version:\s+1\.7/,
    )
    expect(read('pdfinfo', pdf)).toContain(title)
    expect(objectsOf(pdf)).toContain(`/Lang (${{ sq: 'sq', en: 'en-GB', sr: 'sr-Latn' }[locale]})`)
    expect(objectsOf(pdf)).toContain('/DisplayDocTitle true')
  })

  it.each(locales)('is one page of at most 30 kB with its fonts embedded, in %s', locale => {
    const all = [kesco, oshee, { ...kesco, level: 'masked', holder: stars } satisfies Invoice]
    for (const invoice of all) {
      const pdf = invoicePdf(invoice, locale)
      expect(pagesOf(pdf)).toBe(1)
      expect(pdf.length).toBeLessThanOrEqual(30_000)
      const fonts = read('pdffonts', pdf).trim().split('\n').slice(2)
      expect(fonts).toHaveLength(2)
      for (const font of fonts) expect(font).toMatch(/AtkinsonHyperlegibleNext.*yes yes yes/)
    }
  })

  it('is tagged with its heading, tables and cells', () => {
    const tags = read('pdfinfo', invoicePdf(kesco, 'sq'), '-struct-text')
    expect(tags).toMatch(/^Document\n/)
    expect(tags.match(/^ {2}H1 /gm)).toHaveLength(1)
    expect(tags.match(/^ {2}Figure/gm)).toHaveLength(3)
    for (const heading of ['Titullari', 'Furnizimi', 'Zërat e faturës', 'Pyetje dhe ankesa', 'Fletëpagesa'])
      expect(tags).toMatch(new RegExp(`H2 \\(block\\)\\s+"${heading}"`))
    expect(tags).toMatch(/H1 \(block\)\s+"Fatura K-2023-04-6687"/)
    expect(tags).toMatch(/TH:?\s+\/Scope \/Column\s+"Zëri"/)
    expect(tags).toMatch(/TH:?\s+\/Scope \/Row\s+"Emri"\s+TD\s+"Blerta Krasniqi"/)
    expect(tags).toMatch(/TH:?\s+\/Scope \/Row\s+"Tarifa fikse"\s+TD\s+"1"/)
    expect(tags).not.toContain('Faqja 1 nga 1')
  })

  it('tells what its figures hold, and keeps the two languages apart', () => {
    const pdf = invoicePdf(kesco, 'en')
    const code = 'DRITA1|kesco|DPR-6687|K-2023-04-6687'
    for (const alt of [`QR code for the payment: ${code}`, `Barcode for the payment: ${code}`])
      expect(objectsOf(pdf)).toContain(`/Alt (${alt})`)
    const tagged = read('pdfinfo', pdf, '-struct-text')
    expect(tagged).toContain('"Month Muaji"')
    // Lines of a paragraph are joined by the spaces they were broken at.
    const { also, text } = invoiceContent(kesco, 'en').complaints.text
    expect(tagged).toContain(`"${text} ${also}"`)
  })

  it('is headed by the biller’s own name, number, address and contacts, and by nobody else’s mark', () => {
    const head = (invoice: Invoice) => textOf(invoicePdf(invoice, 'en')).split('Invoice')[0]
    expect(head(oshee)).toContain('Operatori i Shpërndarjes së Energjisë Elektrike sh.a.')
    expect(head(oshee)).toContain('NIPT K22218003V · Bulevardi «Gjergj Fishta» 88, Tiranë')
    expect(head(kesco)).toMatch(/KESCO sh\.a\. +Prishtinë · 0800 791 00 · info@kesco-energy\.com/)
    const numbered = { ...kesco, biller: { ...kesco.biller, businessNumber: '810123456', legalName: null } }
    expect(head(numbered)).toMatch(/^ ?KESCO +NUI 810123456 · Prishtinë/)
    expect(textOf(receiptPdf(osheeReceipt, 'en'))).toContain('NIPT K22218003V')
    // Where there is no room beside the name, below it.
    const long = { ...oshee, biller: { ...oshee.biller, legalName: 'Shoqëria '.repeat(12).trim() } }
    const pdf = invoicePdf(long, 'sq')
    expect(textOf(pdf)).toContain('NIPT K22218003V')
    expectLaidOut(pdf)
    expect(textOf(pdf)).not.toContain('DRITA1')
  })

  it('draws the year’s consumption in the middle where there is room, and says it in words', () => {
    const of = (invoice: Invoice) => readText(invoicePdf(invoice, 'en'))
    expect(of(kesco)).toMatch(/Usage over 12 months, kWh .*? May .*?Dec .*?Apr/)
    expect(of(kesco)).toMatch(/1,088.* 800 /)
    expect(invoiceContent(kesco, 'en').consumption!.alt.replaceAll('\u00a0', ' ')).toBe(
      'Usage over 12 months: the most was 1,088 kWh in May 2022; 800 kWh in April 2023.',
    )
    const missing = kesco.consumption.map(month => ({ ...month, units: null, kind: 'missing' as const }))
    const one = [...missing.slice(0, 11), kesco.consumption.at(-1)!]
    const lines = Array.from({ length: 8 }, () => kesco.lines[0]!)
    for (const invoice of [
      { ...kesco, consumption: one },
      { ...kesco, consumption: [] },
      { ...kesco, lines },
    ]) {
      expect(of(invoice)).not.toContain('Usage over 12 months')
      expect(pagesOf(invoicePdf(invoice, 'en'))).toBe(1)
    }
    for (const locale of locales)
      for (const invoice of [kesco, oshee]) expectLaidOut(invoicePdf(invoice, locale))
  })

  it('prints ** and nothing else for the holder, and says why', () => {
    const masked: Invoice = { ...kesco, level: 'masked', holder: stars }
    const text = textOf(invoicePdf(masked, 'en'))
    for (const label of ['Name', 'Address', 'Phone', 'Personal number', 'NIPT / NUI'])
      expect(text).toMatch(new RegExp(`${label} [\\p{L} ]*\\*\\*`, 'u'))
    expect(text).toContain('The holder’s details are printed as ** because')
    expect(text).toContain('go to the counter of KESCO')
    for (const part of Object.values(kesco.holder)) if (part) expect(text).not.toContain(part)
  })

  it('adds up at 0 kWh, with interest and a part paid', () => {
    const text = textOf(invoicePdf(oshee, 'sq'))
    for (const part of [
      'Kodi i klientit AL0000001',
      'Matësi M100001',
      'me vlerësim',
      'Njësi të faturuara 0 kWh',
      'Energjia 0 9,50 Lekë 0,00 Lekë 20',
      'Pa TVSH dhe pa taksën e TV-së 95,00 Lekë',
      'TVSH 19,00 Lekë',
      'Principali 114,00 Lekë',
      'Totali i faturës 214,00 Lekë',
      '228,00 Lekë',
    ])
      expect(text).toContain(part)
  })

  it('says that it is cancelled', () => {
    const cancelled: Invoice = {
      ...kesco,
      cancelledOn: '2023-05-10',
      due: { principal: 0, tvTax: 0, interest: 0, total: 0 },
    }
    const text = textOf(invoicePdf(cancelled, 'sr'))
    expect(text).toContain('STORNIRAN')
    expect(text).toContain('Stornirano 10.05.2023. Nema ničega za plaćanje.')
    expect(text).not.toContain('Uplatnica')
    expect(text).not.toContain('U KAŠNJENJU')
    // What is owed stands at the head of any other.
    expect(text.match(/Za plaćanje/g)).toHaveLength(1)
  })

  it('begins with what is owed and until when, and says when that is past', () => {
    const inTime = textOf(invoicePdf({ ...kesco, today: kesco.dueOn, overdue: false }, 'en'))
    expect(inTime).toMatch(
      /To pay as of 31\/05\/2023 .* Due date .*€54.09 31\/05\/2023 Month .* Holder .* Payment slip/,
    )
    expect(inTime).not.toContain('OVERDUE')
    expect(textOf(invoicePdf(kesco, 'en'))).toContain('OVERDUE')
    // As pages do, it says of what is being paid what it waits for: nobody is urged to pay it again, whatever its due date.
    const others = { attemptId: null, rest: 0 }
    const underWay = { attemptId: 'A', rest: 0 }
    const being = textOf(invoicePdf({ ...kesco, underWay: others }, 'en'))
    expect(being).toMatch(/BEING PAID .*To pay (?!as of).*Due date/)
    expect(being).not.toContain('OVERDUE')
    expect(textOf(invoicePdf({ ...kesco, underWay }, 'sq'))).toContain('PRET BANKËN')
    for (const [locale, words] of [
      ['sq', 'NJË PJESË PRET BANKËN'],
      ['en', 'PART WAITING FOR THE BANK'],
      ['sr', 'DEO ČEKA BANKU'],
    ] as const) {
      const text = textOf(invoicePdf({ ...kesco, underWay: { ...underWay, rest: 500 } }, locale))
      expect(text.replace(/\s+/g, ' ')).toContain(words)
    }
    // To which day interest is counted it changes nothing.
    const due = { ...oshee.due, interest: 45418, total: oshee.due.total + 45418 }
    expect(textOf(invoicePdf({ ...oshee, due, underWay }, 'en'))).toMatch(/To pay as of .*Due date/)
  })

  it.each([
    ['sq', 'Korrigjuar më 3 shkurt 2026: zëvendëson faturën e dërguar më parë.'],
    ['en', 'Corrected on 3 February 2026: it replaces the invoice sent before. Korrigjuar më 3 shkurt 2026:'],
    ['sr', 'Ispravljeno 03.02.2026. Zamenjuje ranije poslati račun. Korrigjuar më 3 shkurt 2026:'],
  ] as const)('says in %s that it is corrected, unless it is cancelled', (locale, words) => {
    const corrected: Invoice = { ...kesco, correctedOn: '2026-02-03' }
    expect(textOf(invoicePdf(corrected, locale))).toContain(words)
    const paid = { principal: 0, tvTax: 0, interest: 0, total: 0 }
    expect(textOf(invoicePdf({ ...corrected, due: paid }, locale))).toContain(words)
    const cancelled = textOf(invoicePdf({ ...corrected, due: paid, cancelledOn: '2026-02-04' }, locale))
    expect(cancelled).not.toContain('3 shkurt 2026')
    expect(textOf(invoicePdf(kesco, locale))).not.toContain(words.slice(0, 10))
  })

  it('names the tariff group, or prints it with the category as the biller gave it', () => {
    expect(textOf(invoicePdf(oshee, 'sr'))).toContain('Tarifna grupa Grupi tarifor Domaćinstvo Familjar')
    expect(textOf(invoicePdf({ ...oshee, tariffGroup: 'business-0.4kv' }, 'sq'))).toContain('Biznes, 0,4 kV')
    const unknown = textOf(invoicePdf({ ...oshee, category: 'public', tariffGroup: 'X-9' }, 'en'))
    expect(unknown).toMatch(/Category Kategoria Public institution/)
    expect(unknown).toContain('Tariff group Grupi tarifor X-9')
    expect(textOf(invoicePdf({ ...oshee, tariffGroup: null }, 'sq'))).toMatch(/Kategoria Familjar/)
    const fine: Invoice = { ...oshee, biller: { ...oshee.biller, code: 'police-fines', unit: 'none' } }
    expect(textOf(invoicePdf(fine, 'sq'))).not.toMatch(/Kategoria|Grupi tarifor|Furnizimi/)
  })

  it.each(locales)('fits one page with all that may be on it, in %s', locale => {
    const lines = ['A1B1', 'A2B1', 'A1B2', 'A2B2', 'FIXED'].map(code => ({ ...kesco.lines[0]!, code }))
    const full: Invoice = { ...kesco, lines, correctedOn: '2026-02-03', paymentReference: '100234567890' }
    const address =
      'Bulevardi i Dëshmorëve të Kombit, Lagjja nr. 11 “Çerçiz Topulli”, Pallati 21/A, Shkalla 3, Ap. 14, 1019 Tiranë'
    const long: Invoice = {
      ...oshee,
      contractCode: 'TR0.A0000000000004',
      holder: { ...kesco.holder, name: 'Marinela Aleksandra Kryemadhi-Vrioni', address },
      correctedOn: '2026-02-03',
      paymentReference: '100234567890123',
    }
    for (const invoice of [full, long]) expect(pagesOf(invoicePdf(invoice, locale))).toBe(1)
    // A code cut in two is no code.
    expect(textOf(invoicePdf(long, locale)).match(/TR0\.A0000000000004(?!\|)/g)).toHaveLength(2)
  })

  it('leaves out a TV tax that is none', () => {
    expect(textOf(invoicePdf(kesco, 'en'))).not.toContain('TV tax')
    expect(textOf(invoicePdf(oshee, 'en'))).toContain('TV tax Taksa e TV-së 100.00 lek')
  })

  it.each([
    ['oshee', 'Enti Rregullator i Energjisë (ERE)', 'Energy Regulatory Authority (ERE)'],
    ['kesco', 'Zyra e Rregullatorit për Energji (ZRRE)', 'Energy Regulatory Office (ERO'],
    ['ukt', 'Enti Rregullator i Ujit (ERRU)', 'Water Regulatory Authority (ERRU)'],
    ['albtelecom', '(AKEP)', 'Electronic and Postal Communications Authority (AKEP)'],
    ['digitalb', '(AKEP)', 'Electronic and Postal Communications Authority (AKEP)'],
  ] as const)('says how to complain of %s, and to which regulator', (code, sq, en) => {
    const invoice: Invoice = { ...oshee, biller: { ...oshee.biller, code } }
    expect(textOf(invoicePdf(invoice, 'sq'))).toContain(sq)
    const text = textOf(invoicePdf(invoice, 'en'))
    expect(text).toContain(
      'within 15 days. If you do not get one in time or disagree with it, contact the regulator',
    )
    expect(text).toContain(en)
  })

  it('names no regulator where there is none', () => {
    const fine: Invoice = { ...oshee, biller: { ...oshee.biller, code: 'police-fines' } }
    const text = textOf(invoicePdf(fine, 'en'))
    expect(text).toContain('How to appeal against it is on the notice itself.')
    expect(text).not.toContain('regulator')
  })

  const codes = {
    nivf: '3f2b8c1e-7d54-4a9b-8e61-0c9d2a7b5f10',
    nslf: 'A1B2C3D4E5F60718293A4B5C6D7E8F90',
    fiscalQr: 'https://fiscal.example/verify?iic=A1B2C3D4E5F60718293A4B5C6D7E8F90&tin=K12345678L&prc=214.00',
  }

  it.each([
    ['sq', 'Kodet fiskale', 'Referenca e pagesës', 'Kategoria e konsumatorit sipas kontratës'],
    ['en', 'Tax codes', 'Payment reference', 'Customer category in the contract'],
    ['sr', 'Fiskalni kodovi', 'Poziv na broj', 'Kategorija potrošača po ugovoru'],
  ] as const)('bears in %s what only some billers give, as they gave it', (locale, ...labels) => {
    const given = { ...codes, paymentReference: '0087-2231', customerCategory: 'Klient familjar, (neni 12)' }
    const pdf = invoicePdf({ ...oshee, ...given }, locale)
    const text = readText(pdf)
    for (const part of [...labels, codes.nivf, codes.nslf, given.customerCategory])
      expect(text).toContain(part)
    // With the supply and on the slip.
    expect(text.match(/0087-2231/g)).toHaveLength(2)
    expect(read('pdfinfo', pdf, '-struct-text')).toContain(codes.nslf)
    expect(pagesOf(pdf)).toBe(1)
    expect(pdf.length).toBeLessThanOrEqual(30_000)
    expectLaidOut(pdf)
    const without = readText(invoicePdf(oshee, locale))
    for (const label of labels) expect(without).not.toContain(label)
  })

  it('leads to the address in the tax code where it is a safe one', () => {
    const linkOf = (fiscalQr: string) => invoiceContent({ ...oshee, fiscalQr }, 'en').fiscal!.qr!.link
    expect(linkOf(codes.fiscalQr)).toEqual({
      href: codes.fiscalQr,
      text: 'Check the invoice at fiscal.example',
    })
    for (const text of [
      'http://fiscal.example/1',
      'javascript:alert(1)',
      'https://user:secret@fiscal.example/1',
      'https://',
      'NIVF 12',
    ])
      expect(linkOf(text)).toBeNull()
    expect(linkOf('https://fiscal.example/"><b>')!.href).toBe('https://fiscal.example/%22%3E%3Cb%3E')
  })

  it.each([
    ['paid', { due: { principal: 0, tvTax: 0, interest: 0, total: 0 } }, 'PAID'],
    ['being paid', { underWay: { attemptId: null, rest: 0 } }, 'Please do not pay again'],
    ['being paid in part', { underWay: { attemptId: 'A', rest: 500 } }, 'After it €5.00 is left'],
  ] as const)('asks for no payment where it is %s', (_, change, words) => {
    const text = textOf(invoicePdf({ ...kesco, ...change }, 'en'))
    expect(text).toContain(words)
    expect(text).not.toContain('Payment slip')
    expect(text).not.toContain('DRITA1')
  })

  it('shows lines of unknown codes as they are, leaves out what is not known, and counts cubic metres', () => {
    const water: Invoice = {
      ...oshee,
      biller: { ...oshee.biller, code: 'ukt', name: 'UKT', unit: 'm3' },
      periodFrom: null,
      periodTo: null,
      previousReading: null,
      currentReading: null,
      readingKind: null,
      units: '12.500',
      lines: [{ code: 'UJË-2', quantity: '12.5', unitPrice: '65.0001', amount: 9500, vatPercent: '20' }],
    }
    const text = textOf(invoicePdf(water, 'sq'))
    expect(text).toContain('UJË-2 12,5 65,0001 Lekë 95,00 Lekë 20')
    expect(text).toContain('12,5 m³')
    expect(text).not.toContain('Periudha')
    expect(text).not.toContain('Gjendja paraprake')
  })

  it('flows to a second page with 40 lines and repeats the head of the table', () => {
    const many: Invoice = {
      ...kesco,
      lines: Array.from({ length: 40 }, (_, index) => ({ ...kesco.lines[0]!, code: `CODE-${index + 1}.` })),
    }
    const pdf = invoicePdf(many, 'en')
    expect(pagesOf(pdf)).toBe(2)
    const text = textOf(pdf)
    for (let line = 1; line <= 40; line++) expect(text).toContain(`CODE-${line}.`)
    expect(text.match(/Quantity Unit price/g)).toHaveLength(2)
    expect(text).toContain('Page 2 of 2')
    expect(text.match(/KESCO · Invoice K-2023-04-6687 · continued/g)).toHaveLength(1)
    expect(text.match(/Payment slip/g)).toHaveLength(1)
  })

  it('keeps the sums and the balance together wherever the page ends', () => {
    for (let count = 18; count <= 30; count++) {
      const lines = Array.from({ length: count }, () => kesco.lines[0]!)
      const pages = read('pdftotext', invoicePdf({ ...kesco, lines }, 'en')).split('\f')
      const [sums, ...none] = pages.filter(page => /Invoice total|Paid so far/.test(page))
      expect(none).toEqual([])
      expect(sums).toContain('Invoice total')
      expect(sums).toContain('To pay')
    }
  })

  it('wraps long names and streets, and keeps every letter of the three languages', () => {
    const letters = 'Ëë Çç Čč Ćć Šš Žž Đđ'
    const address = `Bulevardi i Dëshmorëve të Kombit Çerçiz Topulli dhe Vëllezërit Frashëri, pallati 21/A, ${'k'.repeat(90)}`
    const long: Invoice = { ...kesco, holder: { ...kesco.holder, name: letters, address } }
    const pdf = invoicePdf(long, 'sr')
    expect(pagesOf(pdf)).toBe(1)
    const tagged = read('pdfinfo', pdf, '-struct-text').replace(/"\s+"/g, '')
    expect(tagged).toContain(letters)
    expect(tagged.replace(/\s/g, '')).toContain(address.replace(/\s/g, ''))
  })
})

describe('a receipt as PDF', () => {
  it.each([
    ['sq', 'Dëftesë pagese D-1001', '202401001 Janar 2024 456,00 Lekë 454,18 Lekë 100,00 Lekë 1 010,18 Lekë'],
    ['en', 'Receipt D-1001', '202401001 January 2024 456.00 lek 454.18 lek 100.00 lek 1,010.18 lek'],
    ['sr', 'Priznanica D-1001', '202401001 Januar 2024. 456,00 leka 454,18 leka 100,00 leka 1.010,18 leka'],
  ] as [Locale, string, string][])('says in %s what was paid', (locale, title, line) => {
    const pdf = receiptPdf(osheeReceipt, locale)
    const text = textOf(pdf)
    for (const part of [title, line, 'AL0000001', '**', '23:30']) expect(text).toContain(part)
    expect(pagesOf(pdf)).toBe(1)
    expect(pdf.length).toBeLessThanOrEqual(30_000)
  })

  it('names no invoice by its number where that may not be opened, but by month and due date', () => {
    const [first] = osheeReceipt.contracts
    const [line] = first!.lines
    const receipt: Receipt = {
      ...osheeReceipt,
      contracts: [{ ...first!, level: 'amounts', lines: [{ ...line!, invoiceNumber: '**' }] }],
    }
    const text = textOf(receiptPdf(receipt, 'en'))
    expect(text).toContain('January 2024 29/02/2024 456.00 lek')
    expect(text).not.toMatch(/Invoice number|202401001/)
    expect(text.match(/\*\*/g)).toHaveLength(1)
  })

  it('has no column of the TV tax where none was paid', () => {
    const [first] = osheeReceipt.contracts
    const [line] = first!.lines
    const none = { ...osheeReceipt, contracts: [{ ...first!, lines: [{ ...line!, tvTax: 0 }] }] }
    expect(textOf(receiptPdf(osheeReceipt, 'en'))).toContain('TV tax')
    expect(textOf(receiptPdf(none, 'en'))).not.toContain('TV tax')
  })

  it('of several contracts says of each which it is, what was paid for it, and whether that was taken back', () => {
    const [first] = osheeReceipt.contracts
    const of = (count: number, amount: number): Receipt => ({
      ...osheeReceipt,
      amount,
      contracts: Array.from({ length: count }, (_, index) => ({
        ...first!,
        code: `AL${String(index + 1).padStart(7, '0')}`,
        holderName: index === 1 ? 'Arben Hoxha' : '**',
        ...(index === 2 && { reversedOn: '2026-11-25', lines: [], surplus: 0 }),
      })),
      takenBack: [{ contractCode: 'AL0000003', amount: 102018, on: '2026-11-25' }],
    })
    const three = textOf(receiptPdf(of(3, 306054), 'en'))
    for (const part of ['Customer code AL0000001', 'Customer code AL0000003', 'Arben Hoxha', '3,060.54 lek'])
      expect(three).toContain(part)
    expect(three).toContain('The payment for this contract was reversed on 25 November 2026')
    expect(three).not.toContain('REVERSED')
    const sixty = receiptPdf(of(60, 6121080), 'sq')
    expectLaidOut(sixty)
    expect(textOf(sixty)).toContain('AL0000060')
    expect(sixty.length).toBeLessThan(120_000)
  })

  it('says that the payment was taken back', () => {
    const text = textOf(receiptPdf({ ...osheeReceipt, reversedOn: '2026-11-25' }, 'en'))
    expect(text).toContain('This payment was reversed on 25/11/2026')
  })

  it('of a part says what remains as what was chosen', () => {
    const text = textOf(receiptPdf({ ...osheeReceipt, isPart: true, stillDue: 123 }, 'en'))
    expect(text).toContain('This is a part payment. 1.23 lek of these invoices is still to be paid.')
  })

  it('says what is still due of what was paid, and why', () => {
    const late = { ...osheeReceipt, startedOn: '2026-01-18', paidOn: '2026-01-20', stillDue: 123 }
    for (const locale of ['sq', 'en', 'sr'] as const)
      expect(textOf(receiptPdf(late, locale))).toMatch(/1[.,]23/)
    expect(textOf(receiptPdf(late, 'en'))).toContain(
      'started on 18 January 2026, but the bank took the money on 20 January 2026. Late-payment interest ran until then, so 1.23 lek',
    )
    expect(textOf(receiptPdf({ ...late, startedOn: late.paidOn }, 'en'))).toContain(
      '1.23 lek of the chosen invoices',
    )
    expect(textOf(receiptPdf({ ...late, reversedOn: '2026-01-25' }, 'en'))).not.toContain('1.23')
  })
})
