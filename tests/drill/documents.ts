// A customer sends a document with a form, and reads it again.
import type { Customer, Page } from '../support/customer.ts'
import { pdf } from '../support/files.ts'
import { rows } from '../support/postgres.ts'

let serial = 0

/** The form of a business, with its papers; sent again, it is the same form. */
export async function openDocumentForm(customer: Customer): Promise<() => Promise<Page>> {
  serial += 1
  const form = await customer.get('/account/business')
  const typed = {
    biller: 'kesco',
    nipt: `8${String(10_000_000 + serial)}`,
    confirmNipt: 'on',
    businessName: 'Dielli',
    legalRepresentative: 'Arta Berisha',
    documents: [new File([pdf], 'papers.pdf', { type: 'application/pdf' })],
  }
  return () => customer.submit(form, 'businessName', typed)
}

export const sendDocument = async (customer: Customer): Promise<Page> => (await openDocumentForm(customer))()

/** The ids of what came with somebody's forms that were taken; what came with others a job removes in an hour. */
export async function documentsOf(url: string, username: string): Promise<string[]> {
  const found = await rows<{ id: string }>(
    url,
    `select d.id from documents d join accounts a on a.id = d.account_id
      where a.username = $1 and d.removed_at is null and d.case_id is not null order by d.created_at`,
    [username],
  )
  return found.map(({ id }) => String(id))
}

/** Reads the only document of somebody. Throws where there is none or another one. */
export async function readDocument(customer: Customer, url: string, username: string): Promise<void> {
  const ids = await documentsOf(url, username)
  if (ids.length !== 1) throw new Error(`${ids.length} documents are stored instead of one.`)
  const read = await customer.get(`/documents/${ids[0]}`)
  if (read.status !== 200 || !read.html.startsWith('%PDF-'))
    throw new Error(`The document: ${read.status} at ${read.path}.`)
}
