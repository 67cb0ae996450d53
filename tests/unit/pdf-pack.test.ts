// Packing the objects of a PDF, however many they are.
import { expect, it } from 'vitest'
import { packObjects } from '../../lib/pdf/pack.ts'
import { readPdf } from '../support/pdf.ts'

/** A document of so many objects, of which the last are its page and what it says of itself. */
function documentOf(count: number) {
  const bodies = Array.from({ length: count }, (_, index) => `<< /Place ${index + 1} >>`)
  bodies[0] = `<< /Type /Catalog /Pages 2 0 R >>`
  bodies[1] = `<< /Type /Pages /Kids [${count - 1} 0 R] /Count 1 >>`
  bodies[count - 2] = `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>`
  bodies[count - 1] = `<< /Title (Object ${count}) >>`
  const offsets: number[] = []
  let text = '%PDF-1.7\n'
  bodies.forEach((body, index) => {
    offsets.push(text.length)
    text += `${index + 1} 0 obj\n${body}\nendobj\n`
  })
  const end = `trailer\n<<\n/Size ${count + 1}\n/Root 1 0 R\n/Info ${count} 0 R\n>>\nstartxref\n${text.length}\n%%EOF\n`
  return { pdf: Buffer.from(`${text}xref\n${end}`), offsets }
}

it.each([10, 70_000])('keeps all of %i objects where readers find them', count => {
  const { pdf, offsets } = documentOf(count)
  const packed = packObjects(pdf, offsets)
  expect(packed.length).toBeLessThan(pdf.length)
  const said = readPdf('pdfinfo', packed)
  expect(said).toContain(`Object ${count}`)
  expect(said).toMatch(/Pages:\s+1\n/)
})
