// The paper of a debt certificate as poppler reads it, and its QR code as a scanner does.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import type { CertificateContent } from '../../lib/certificates/schema.ts'
import { locales } from '../../lib/i18n/locale.ts'
import { businessCertificate, certificatePdf, householdCertificate, owing } from '../support/certificates.ts'
import { compact, expectLaidOut, pagesOf, readPdf, readText, textOf } from '../support/pdf.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-certificates-'))
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

/** With plain blanks in amounts. */
const said = (content: CertificateContent) => readText(certificatePdf(content)).replaceAll('\u00a0', ' ')

const indebted = owing(householdCertificate, [{ principal: 1234567, tvTax: 10000, interest: 45678 }])

describe('the certificate of a household', () => {
  it.each([
    [
      'sq',
      'Vërtetim debie',
      'PA DETYRIME',
      'Vërtetohet se Mirela Agim Dervishi-Kryeziu, me numër personal J55105999W, për kontratën TR0.A0000000000004, nuk ka asnjë detyrim të papaguar.',
      'Vërtetimi vlen derisa të lëshohet fatura e radhës.',
      'Taksa e TV-së 0,00 Lekë Kamatëvonesa 0,00 Lekë Total Debie 0,00 Lekë',
    ],
    [
      'en',
      'Debt certificate',
      'NO DEBT',
      'It is certified that Mirela Agim Dervishi-Kryeziu, personal number J55105999W, for contract TR0.A0000000000004, has no unpaid obligation.',
      'This certificate is valid until the next invoice is issued.',
      'TV tax Taksa e TV-së 0.00 lek Late-payment interest Kamatëvonesa 0.00 lek Total debt Total Debie 0.00 lek',
    ],
    [
      'sr',
      'Potvrda o dugovanju',
      'BEZ DUGOVANJA',
      'Potvrđuje se da Mirela Agim Dervishi-Kryeziu, lični broj J55105999W, po ugovoru TR0.A0000000000004, nema neizmirenih obaveza.',
      'Potvrda važi dok se ne izda sledeći račun.',
      'TV taksa Taksa e TV-së 0,00 leka Zatezna kamata Kamatëvonesa 0,00 leka Ukupan dug Total Debie 0,00 leka',
    ],
  ] as const)('says in %s that nothing is owed, and as of when', (locale, title, stamp, ...sentences) => {
    const content = { ...householdCertificate, locale }
    const text = said(content)
    for (const part of [stamp, ...sentences, 'Rruga e Durrësit, Pallati 21/A, Ap. 14, Tiranë'])
      expect(text).toContain(part)
    // The sentence in Albanian stands on each.
    expect(text).toContain('nuk ka asnjë detyrim të papaguar.')
    // To the minute, at the company's place.
    expect(text).toMatch(/24[./]11[./]2026,?\.? 09:44 /)
    for (const part of [
      'Operatori i Shpërndarjes',
      'NIPT K22218003V',
      'drita.al/verify',
      '7KQM-2XVD-RT84-HN6P',
    ])
      expect(text).toContain(part)
    expect(text).not.toContain('7KQM2XVDRT84HN6P')
    const pdf = certificatePdf(content)
    expect(pagesOf(pdf)).toBe(1)
    expect(readPdf('pdfinfo', pdf)).toContain(`${title} VD-2026-000184`)
    expect(readPdf('pdfinfo', pdf, '-isodates')).toContain('2026-11-24T08:44:31Z')
    expectLaidOut(pdf)
  })

  it.each([
    ['sq', 'KA DETYRIME', 'ka detyrime të papaguara prej 12 902,45 Lekë.', 'Principali 12 345,67 Lekë'],
    ['en', 'UNPAID DEBT', 'owes 12,902.45 lek.', 'Principal Principali 12,345.67 lek'],
    ['sr', 'IMA DUGOVANJA', 'duguje 12.902,45 leka.', 'Glavnica Principali 12.345,67 leka'],
  ] as const)('says in %s what is owed', (locale, ...parts) => {
    const text = said({ ...indebted, locale })
    for (const part of parts) expect(text).toContain(part)
    expect(text).not.toMatch(/PA DETYRIME|nuk ka asnjë/)
  })

  it('is tagged, with its fonts embedded, of at most 30 kB', () => {
    for (const locale of locales) {
      const pdf = certificatePdf({ ...indebted, locale })
      expect(readPdf('pdfinfo', pdf)).toMatch(/Tagged:\s+yes[\s\S]*\(A4\)/)
      const fonts = readPdf('pdffonts', pdf).trim().split('\n').slice(2)
      expect(fonts).toHaveLength(2)
      for (const font of fonts) expect(font).toMatch(/AtkinsonHyperlegibleNext.*yes yes yes/)
      expect(pdf.length).toBeLessThanOrEqual(30_000)
    }
    const tags = readPdf('pdfinfo', certificatePdf(indebted), '-struct-text')
    expect(tags).toMatch(/H1 \(block\)\s+"Vërtetim debie"/)
    for (const heading of ['Për kë lëshohet', 'Detyrimet', 'Si verifikohet ky vërtetim'])
      expect(tags).toMatch(new RegExp(`H2 \\(block\\)\\s+"${heading}"`))
    expect(tags).toMatch(/TH:?\s+\/Scope \/Row\s+"Numri personal"\s+TD\s+"J55105999W"/)
    expect(tags.match(/^ {2}Figure/gm)).toHaveLength(1)
  })

  it('leaves out what is not known', () => {
    const [contract] = householdCertificate.contracts
    const text = said({
      ...householdCertificate,
      person: { firstName: 'Mirela', lastName: 'Dervishi', fatherName: '', personalNumber: '' },
      contracts: [{ ...contract!, address: null }],
    })
    expect(text).toContain('Vërtetohet se Mirela Dervishi, për kontratën TR0.A0000000000004, nuk ka')
    expect(text).not.toMatch(/Emri i babait|Numri personal|Adresa/)
  })

  it('is the same file of the same content', () => {
    expect(certificatePdf(indebted).equals(certificatePdf(indebted))).toBe(true)
  })

  it.each(locales)('is one page with long names, a long address and a large debt, in %s', locale => {
    const long = (name: string) => `${name}-Aleksandra Kryemadhi-Vrioni `.repeat(3).slice(0, 60).trim()
    const person = {
      firstName: long('Marinela'),
      lastName: long('Gjergjina'),
      fatherName: long('Kostandin'),
      personalNumber: 'J55105999W',
    }
    const address =
      'Bulevardi i Dëshmorëve të Kombit, Lagjja nr. 11 “Çerçiz Topulli”, Pallati 21/A, Ap. 14 '.repeat(3)
    const amounts = { principal: 123_456_789_012, tvTax: 1_234_567_890, interest: 98_765_432_109 }
    const contracts = [{ ...householdCertificate.contracts[0]!, address: address.trim() }]
    const content = owing({ ...householdCertificate, locale, person, contracts }, [amounts])
    const pdf = certificatePdf(content)
    const text = compact(readText(pdf))
    for (const part of [...Object.values(person), address]) expect(text).toContain(compact(part))
    expect(pagesOf(pdf)).toBe(1)
    expectLaidOut(pdf)
  })
})

describe('the certificate of a business', () => {
  it.each([
    [
      'sq',
      'Vërtetohet se Ndërtimi & Djemtë sh.p.k., me NUI 811234567, me titullar ose përdorues Flutura Gashi, për kontratën DPR-60001, të vetmen me këtë NUI, nuk ka',
      'për të gjitha kontratat me këtë NUI (gjithsej 7), ka detyrime të papaguara prej 2 560,51 €.',
    ],
    [
      'en',
      'It is certified that Ndërtimi & Djemtë sh.p.k., NUI 811234567, holder or user Flutura Gashi, for contract DPR-60001, the only one under this NUI, has no',
      'for all 7 contracts under this NUI, owes €2,560.51.',
    ],
    [
      'sr',
      'Potvrđuje se da Ndërtimi & Djemtë sh.p.k., NUI 811234567, nosilac ili korisnik Flutura Gashi, po ugovoru DPR-60001, jedinom pod ovim brojem (NUI), nema',
      'po svim ugovorima pod ovim brojem (NUI), ukupno 7, duguje 2.560,51 €.',
    ],
  ] as const)('names it in %s, and covers all of its contracts', (locale, ofOne, ofSeven) => {
    expect(said(businessCertificate(1, { locale }))).toContain(ofOne)
    const seven = businessCertificate(7, { locale })
    expect(said(seven)).toContain(ofSeven)
    expect(pagesOf(certificatePdf(seven))).toBe(1)
    // KESCO bills no TV tax.
    expect(said(seven)).not.toMatch(/TV-së|TV ta/)
  })

  it('has a row for each of 60 contracts, a head and its number on each page, and the total at the end', () => {
    const pdf = certificatePdf(businessCertificate(60, { locale: 'en' }))
    const pages = readPdf('pdftotext', pdf, '-layout').split('\f').slice(0, -1)
    expect(pages.length).toBeGreaterThan(1)
    pages.forEach((page, index) => {
      expect(page).toMatch(/Contract .*Address .*Principal .*Total/)
      expect(page).toMatch(
        new RegExp(`Debt certificate VD-2026-000184 +Page ${index + 1} of ${pages.length}`),
      )
      expect(page.includes('How to check this certificate')).toBe(index === pages.length - 1)
    })
    const ofAlbania = businessCertificate(60, { biller: householdCertificate.biller })
    expect(textOf(certificatePdf(ofAlbania)).match(/TV-së|Kamatëvonesa/g)).toHaveLength(6)
    const text = textOf(pdf)
    for (let contract = 1; contract <= 60; contract++)
      expect(text).toMatch(new RegExp(`DPR-6${String(contract).padStart(4, '0')} Rruga .*? \\d+\\.\\d\\d`))
    expect(pages.at(-1)).toMatch(/DPR-60060.*\n+ *Total .*25,610\.50\n/)
    expectLaidOut(pdf)
  })

  it('has the last row, the total and how to check it on one page wherever pages end', () => {
    for (let count = 8; count <= 30; count++) {
      const { code } = businessCertificate(count).contracts.at(-1)!
      const pages = readPdf('pdftotext', certificatePdf(businessCertificate(count)), '-layout').split('\f')
      expect(pages.at(-2)).toMatch(new RegExp(`${code}.*\\n+ *Gjithsej [\\s\\S]*7KQM-2XVD-RT84-HN6P`))
    }
  })

  it('cuts neither amounts nor codes in two, however large the debts are', () => {
    const large = { principal: 12_345_678_901, tvTax: 1_234_567_890, interest: 9_876_543_210 }
    const address = 'Bulevardi i Dëshmorëve të Kombit, Lagjja nr. 11 “Çerçiz Topulli”, Pallati 21/A, Ap. 14'
    const contracts = [{ ...householdCertificate.contracts[0]!, address }]
    const { biller } = householdCertificate
    for (const locale of locales) {
      const content = owing(
        businessCertificate(1, { biller, contracts, locale }),
        Array.from({ length: 5 }, () => large),
      )
      const pdf = certificatePdf(content)
      const text = readPdf('pdftotext', pdf, '-layout').replaceAll('\u00a0', ' ')
      for (const { code } of content.contracts) expect(text).toContain(code)
      expect(text.match(/123[ .,]456[ .,]789[.,]01/g)).toHaveLength(5)
      expect(text).toMatch(/617[ .,]283[ .,]945[.,]05 .* 1[ .,]172[ .,]839[ .,]500[.,]05\n/)
      expectLaidOut(pdf)
    }
  })
})

describe('the QR code', () => {
  const scan = (file: string) =>
    execFileSync('zbarimg', ['--quiet', '--nodbus', '-Sdisable', '-Sqrcode.enable', file], {
      encoding: 'utf8',
    }).trim()

  /** The last page, so many dots an inch. */
  function rasterise(content: CertificateContent, resolution: number): string {
    const file = path.join(folder, `page-${resolution}`)
    const pdf = certificatePdf(content)
    fs.writeFileSync(`${file}.pdf`, pdf)
    const last = String(pagesOf(pdf))
    const options = ['-r', String(resolution), '-gray', '-f', last, '-singlefile', '-png']
    execFileSync('pdftoppm', [...options, `${file}.pdf`, file])
    return `${file}.png`
  }

  const long = {
    ...householdCertificate,
    verifyUrl: 'https://vetesherbimi.operatori-i-energjise.example.al/verify/7KQM2XVDRT84HN6P',
  }

  const copied: [string, CertificateContent][] = [
    ['60 contracts', businessCertificate(60)],
    ['a household', householdCertificate],
    ['a long address', long],
  ]
  it.each(process.env.DEEP ? copied : copied.slice(0, 1))(
    'leads to the check, and is read from good and poor copies, of %s',
    async (_, content) => {
      const read = `QR-Code:${content.verifyUrl}`
      const poor = path.join(folder, 'poor')
      for (const [resolution, blur] of [
        [150, 1.2],
        [100, 0.6],
      ] as const) {
        const copy = rasterise(content, resolution)
        expect(scan(copy)).toBe(read)
        await sharp(copy).blur(blur).toFile(`${poor}.png`)
        expect(scan(`${poor}.png`)).toBe(read)
        // Askew, as a feeder draws it in.
        for (const degrees of [0, 4]) {
          await sharp(copy)
            .rotate(degrees, { background: '#ffffff' })
            .jpeg({ quality: 30 })
            .toFile(`${poor}.jpg`)
          expect(scan(`${poor}.jpg`)).toBe(read)
        }
      }
    },
  )

  it.each([
    [29, householdCertificate],
    [37, long],
  ])('of %d modules is 25 mm across at least, with four of white around it', (modules, content) => {
    const pdf = certificatePdf(content)
    const [left, lower, right, upper] = /BBox \[(.+?)\]/
      .exec(readPdf('pdfinfo', pdf, '-struct'))![1]!
      .split(' ')
      .map(Number) as [number, number, number, number]
    // Words are measured from the top of the page.
    const [top, bottom] = [841.89 - upper, 841.89 - lower]
    const size = right - left
    expect(size).toBeGreaterThanOrEqual((25 / 25.4) * 72)
    const quiet = (size / modules) * 4
    const [, page] = readPdf('pdftotext', pdf, '-bbox').split('<page ')
    for (const [, ...box] of page!.matchAll(/xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)"/g)) {
      const [x, y, end, below] = box.map(Number) as [number, number, number, number]
      const apart = x >= right + quiet || end <= left - quiet || y >= bottom + quiet || below <= top - quiet
      expect(apart).toBe(true)
    }
  })
})
