// The page of an invoice shows what its document says, in the markup that a browser gets.
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { InvoiceDocument } from '../../components/invoice-document.tsx'
import { invoiceContent } from '../../lib/billing/invoice-content.ts'
import type { Invoice } from '../../lib/billing/schema.ts'
import { qrCode, svgPath } from '../../lib/platform/barcodes.ts'
import { osheeInvoice } from '../support/invoices.ts'

const pageOf = (invoice: Invoice) =>
  renderToStaticMarkup(createElement(InvoiceDocument, { content: invoiceContent(invoice, 'en') }))

it('bears the tax codes, their QR code and a link, the payment reference and the category, as they were given', () => {
  const fiscalQr = 'https://fiscal.example/verify?iic=A1B2&prc=214.00'
  const page = pageOf({
    ...osheeInvoice,
    nivf: '3f2b8c1e-7d54-4a9b-8e61-0c9d2a7b5f10',
    nslf: 'A1B2C3D4E5F60718293A4B5C6D7E8F90',
    fiscalQr,
    paymentReference: '0087-2231',
    customerCategory: 'Klient <familjar>',
  })
  for (const part of ['3f2b8c1e-7d54-4a9b-8e61-0c9d2a7b5f10', 'A1B2C3D4E5F60718293A4B5C6D7E8F90'])
    expect(page).toContain(part)
  expect(page).toContain(svgPath(qrCode(fiscalQr)))
  expect(page).toContain('<a href="https://fiscal.example/verify?iic=A1B2&amp;prc=214.00" rel="noreferrer"')
  expect(page).toContain('Klient &lt;familjar&gt;')
  // With the supply and on the slip.
  expect(page.match(/0087-2231/g)).toHaveLength(2)
})

it('leads nowhere but to an https address', () => {
  for (const fiscalQr of ['javascript:alert(1)', 'http://fiscal.example/1'])
    expect(pageOf({ ...osheeInvoice, fiscalQr })).not.toContain('<a ')
})

it('leaves out what the biller did not give, and a QR code for paying that is too long', () => {
  const page = pageOf({ ...osheeInvoice, number: 'Ж'.repeat(60) })
  expect(page).not.toMatch(/NIVF|Tax codes|Payment reference|Customer category/)
  expect(page.match(/role="img"/g)).toHaveLength(1)
})
