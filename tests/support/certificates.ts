// Certificates as their documents are given them.
import { drawCertificate } from '../../lib/certificates/certificate-pdf.ts'
import type { CertificateContent } from '../../lib/certificates/schema.ts'
import type { AmountDue } from '../../lib/ledger/rules.ts'
import { kescoInvoice, osheeReceipt } from './invoices.ts'

const nothing: AmountDue = { principal: 0, tvTax: 0, interest: 0, total: 0 }

/** Of a household of OSHEE, which owes nothing. */
export const householdCertificate: CertificateContent = {
  kind: 'household',
  number: 'VD-2026-000184',
  code: '7KQM2XVDRT84HN6P',
  verifyUrl: 'https://drita.al/verify/7KQM2XVDRT84HN6P',
  locale: 'sq',
  asOf: new Date('2026-11-24T08:44:31Z'),
  biller: osheeReceipt.biller,
  person: {
    firstName: 'Mirela',
    lastName: 'Dervishi-Kryeziu',
    fatherName: 'Agim',
    personalNumber: 'J55105999W',
  },
  business: null,
  contracts: [
    { code: 'TR0.A0000000000004', address: 'Rruga e Durrësit, Pallati 21/A, Ap. 14, Tiranë', ...nothing },
  ],
  total: nothing,
}

/** Its document, without a signature. */
export function certificatePdf(content: CertificateContent): Buffer {
  const { sheet, foot } = drawCertificate(content)
  return sheet.finish(foot)
}

/** The certificate with these amounts for its contracts, one each. */
export function owing(certificate: CertificateContent, dues: Omit<AmountDue, 'total'>[]): CertificateContent {
  const [first] = certificate.contracts
  const contracts = dues.map((due, index) => ({
    ...first!,
    code: `${first!.code.slice(0, -4)}${String(index + 1).padStart(4, '0')}`,
    ...due,
    total: due.principal + due.tvTax + due.interest,
  }))
  const sum = (of: keyof AmountDue) => contracts.reduce((all, contract) => all + contract[of], 0)
  const total = {
    principal: sum('principal'),
    tvTax: sum('tvTax'),
    interest: sum('interest'),
    total: sum('total'),
  }
  return { ...certificate, contracts, total }
}

/** Of a business of KESCO with so many contracts; every third owes something. */
export const businessCertificate = (
  count: number,
  change: Partial<CertificateContent> = {},
): CertificateContent =>
  owing(
    {
      ...householdCertificate,
      kind: 'public_procurement',
      biller: {
        code: 'kesco',
        name: kescoInvoice.biller.name,
        country: 'XK',
        currency: 'EUR',
        timeZone: 'Europe/Belgrade',
        legalName: kescoInvoice.biller.legalName,
        businessNumber: '810123456',
        address: kescoInvoice.biller.address,
        phone: '0800 791 00',
        email: 'info@kesco-energy.com',
      },
      person: null,
      business: {
        nipt: '811234567',
        businessName: 'Ndërtimi & Djemtë sh.p.k.',
        legalRepresentative: 'Arbër Hoxha',
        holder: 'Flutura Gashi',
      },
      contracts: [{ code: 'DPR-60001', address: 'Rruga Agim Ramadani 21, Prishtinë', ...nothing }],
      ...change,
    },
    Array.from({ length: count }, (_, index) =>
      index % 3 === 1 ? { principal: 123456 + index, tvTax: 0, interest: 4567 } : nothing,
    ),
  )
