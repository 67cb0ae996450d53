// Where documents are is gone for a while: who sends one, who reads one, and everybody else.
import { setTimeout as sleep } from 'node:timers/promises'
import { Customer, hasForm, type Page } from '../../support/customer.ts'
import { documentsOf, openDocumentForm, readDocument, sendDocument } from '../documents.ts'
import { PASSWORD } from '../paying.ts'
import type { Place } from '../place.ts'
import type { Row } from '../table.ts'
import { underLoad } from '../under-load.ts'

const GONE_MS = 3_000

export async function storage(place: Place, { table }: { table: Row[] }): Promise<string[]> {
  const { postgres, nginx, store } = place
  const people = await place.makeCustomers(2, 1)
  const customers = people.map(() => new Customer(nginx.url))
  const [reader, sender] = customers as [Customer, Customer]
  for (const [index, customer] of customers.entries())
    await customer.signIn(people[index]!.username, PASSWORD)
  await sendDocument(reader)
  const [id] = await documentsOf(postgres.url, people[0]!.username)
  const send = await openDocumentForm(sender)

  let answers: Page[] = []
  const line = await underLoad(place, table, {
    what: `documents' storage gone for ${GONE_MS / 1000} s`,
    goal: { errors: 0 },
    run: async () => {
      await store.kill()
      answers = await Promise.all([reader.get(`/documents/${id}`), send()])
      await sleep(GONE_MS)
      await store.restart()
    },
  })
  const [read, sent] = answers as [Page, Page]
  if (read.status !== 503 || !read.headers.has('retry-after'))
    throw new Error(`Who read a document was answered ${read.status}.`)
  if (sent.status !== 200 || !hasForm(sent, 'businessName'))
    throw new Error(`Who sent a document was led to ${sent.path} (${sent.status}).`)
  const again = await send()
  const stored = await documentsOf(postgres.url, people[1]!.username)
  if (again.status !== 200 || !again.path.endsWith('?done=added'))
    throw new Error(`The form sent again: ${again.status} at ${again.path}.`)
  if (stored.length !== 1) throw new Error(`${stored.length} documents are stored instead of one.`)
  await readDocument(sender, postgres.url, people[1]!.username)
  await readDocument(reader, postgres.url, people[0]!.username)
  return [
    line,
    '  who read a document meanwhile was told to come again, who sent one got the form back; sent again it was taken, once',
  ]
}
