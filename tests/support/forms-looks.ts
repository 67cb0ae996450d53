// The forms with which staff look at a customer: to find one, to say why, to go on, to unmask, to note what was said.
import * as looks from '../../lib/looks/forms.ts'
import { contract, counts, person, type Row } from './form-people.ts'
import { staffMember } from './forms-two-factor.ts'
import { type Portal, rows } from './portal-process.ts'

const why = { reason: 'phone' }
const wrongWhy = { reason: '', words: 'w'.repeat(300) }

/** An operator, and a contract of KESCO that somebody has; `looked`: they look at it already. */
async function atContract(portal: Portal, url: string, { looked = false, had = false } = {}) {
  const customer = await staffMember(portal, url, 'operator')
  const one = await person(portal)
  const code = await contract(portal, had ? one : undefined)
  const [{ id }] = (await rows<{ id: number }>(
    portal.databaseUrl,
    'select id from contracts where code = $1',
    [code],
  )) as [{ id: number }]
  if (looked) await look(portal, code)
  return { customer, code, id: String(id), account: one.id, path: `/staff/contracts/kesco/${code}` }
}

/** The operator looks at a contract, as lib/looks writes it. */
const look = ({ databaseUrl }: Portal, code: string) =>
  rows(
    databaseUrl,
    `insert into staff_looks (staff_id, biller_id, contract_id, reason, at)
     select a.id, c.biller_id, c.id, 'phone', now() from accounts a, contracts c where a.username = 'operator' and c.code = $1`,
    [code],
  )

export const FORMS_OF_LOOKS: Row[] = [
  {
    form: looks.findCustomerForm as never,
    field: 'identifier',
    wrong: { biller: '', identifier: 'i'.repeat(300), ...wrongWhy },
    ready: async (portal, url) => {
      const { customer, code, id } = await atContract(portal, url)
      const right = { biller: 'kesco', identifier: code.toLowerCase(), ...why }
      const done = counts(portal, 'staff_looks where contract_id = $1', id)
      return { customer, path: '/staff/customers', right, done }
    },
  },
  {
    form: looks.lookForm as never,
    field: 'reason',
    wrong: wrongWhy,
    ready: async (portal, url) => {
      const { customer, id, path } = await atContract(portal, url)
      return { customer, path, right: why, done: counts(portal, 'staff_looks where contract_id = $1', id) }
    },
  },
  {
    form: looks.followForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const { customer, account, path } = await atContract(portal, url, { looked: true, had: true })
      return { customer, path, right: {}, done: counts(portal, 'staff_looks where account_id = $1', account) }
    },
  },
  {
    form: looks.revealForm as never,
    field: 'shown',
    ready: async (portal, url) => {
      const { customer, id, path } = await atContract(portal, url, { looked: true })
      const done = counts(
        portal,
        `audit_events where action = 'contract.unmasked' and subject = 'contract:' || $1`,
        id,
      )
      return { customer, path, right: {}, done }
    },
  },
  {
    form: looks.callNoteForm as never,
    field: 'note',
    wrong: { channel: '', note: 'n'.repeat(2100) },
    ready: async (portal, url) => {
      const { customer, id, path } = await atContract(portal, url, { looked: true })
      const right = { channel: 'phone', note: 'She asked about October.' }
      const done = counts(portal, 'call_notes where contract_id = $1', id)
      return { customer, path: `${path}/contacts`, right, done }
    },
  },
]
