// The forms of a request that was sent: it is answered, changed, written about, and taken back.
import * as cases from '../../lib/cases/forms.ts'
import { addRequest } from './cases.ts'
import { contract, counts, type Row, signedIn } from './form-people.ts'
import { type Portal, rows } from './portal-process.ts'

/** Somebody with a request, at its page. */
async function requester(portal: Portal, url: string, move: string, asked?: string) {
  const one = await signedIn(portal, url)
  const code = await contract(portal, one.person)
  const query = (text: string, values: unknown[]) => rows(portal.databaseUrl, text, values)
  const { id, path } = await addRequest(query, { accountId: one.person.id, code, asked })
  return { ...one, path, done: counts(portal, `case_events where move = '${move}' and case_id = $1`, id) }
}

const wrong = { meterNumber: 'm'.repeat(40), currentReading: 'x', note: 'n'.repeat(2100) }

export const FORMS_OF_REQUESTS: Row[] = [
  {
    form: cases.answerForm as never,
    field: 'note',
    wrong,
    ready: async (portal, url) => ({
      ...(await requester(portal, url, 'answer', 'Which meter is it?')),
      right: { meterNumber: 'M-77', note: 'The one in the hall.' },
    }),
  },
  {
    form: cases.amendForm as never,
    field: 'meterNumber',
    wrong,
    ready: async (portal, url) => {
      const { path, ...one } = await requester(portal, url, 'amend')
      return { ...one, path: `${path}?change`, right: { currentReading: '4321', note: 'It shows less.' } }
    },
  },
  {
    form: cases.writeForm as never,
    field: 'note',
    wrong: { note: 'n'.repeat(2100) },
    ready: async (portal, url) => ({
      ...(await requester(portal, url, 'write')),
      right: { note: 'Is there any news?' },
    }),
  },
  {
    form: cases.withdrawRequestForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const { path, ...one } = await requester(portal, url, 'withdraw')
      return { ...one, path: `${path}?withdraw`, right: {} }
    },
  },
]
