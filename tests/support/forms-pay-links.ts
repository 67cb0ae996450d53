// The forms of paying without an account, and of links to send.
import * as payments from '../../lib/payments/forms.ts'
import { Customer } from './customer.ts'
import { contract, counts, next, type Row, signedIn } from './form-people.ts'
import { type Portal, rows } from './portal-process.ts'

/** Somebody at the page of links, with an unpaid invoice. */
async function sender(portal: Portal, url: string) {
  const one = await signedIn(portal, url)
  const code = await contract(portal, one.person)
  const [invoice] = await rows<{ id: string }>(
    portal.databaseUrl,
    'select i.id::text from invoices i join contracts c on c.id = i.contract_id where c.code = $1',
    [code],
  )
  const path = `/pay-links?biller=kesco&code=${code}`
  const make = async () =>
    one.customer.submit(await one.customer.get(path), 'invoices', { invoices: invoice!.id })
  return { one, path, invoice: invoice!.id, make }
}

export const FORMS_OF_PAY_LINKS: Row[] = [
  {
    form: payments.findBillForm as never,
    field: 'invoiceNumber',
    wrong: { biller: '', contractCode: 'c'.repeat(50), invoiceNumber: 'n'.repeat(50), email: 'x' },
    ready: async (portal, url) => {
      const code = await contract(portal)
      const right = {
        ...{ biller: 'kesco', contractCode: code, invoiceNumber: `${code}-1` },
        email: `guest${next()}@example.com`,
      }
      const done = counts(
        portal,
        'pay_links l join contracts c on c.id = l.contract_id where c.code = $1',
        code,
      )
      return { customer: new Customer(url), path: '/pay', right, done }
    },
  },
  {
    form: payments.payByLinkForm as never,
    field: 'email',
    ready: async (portal, url) => {
      const { one, make } = await sender(portal, url)
      const [path] = /\/pay\/[\w-]{22}/.exec((await make()).html)!
      const done = counts(
        portal,
        'payment_attempts t join pay_links l on l.id = t.pay_link_id where l.account_id = $1',
        one.person.id,
      )
      const customer = new Customer(url)
      await customer.get('/language/en')
      return { customer, path, right: { email: `payer${next()}@example.com` }, done }
    },
  },
  {
    form: payments.makeLinkForm as never,
    field: 'invoices',
    wrong: {},
    ready: async (portal, url) => {
      const { one, path, invoice } = await sender(portal, url)
      const done = counts(portal, 'pay_links where account_id = $1', one.person.id)
      return { ...one, path, right: { invoices: invoice }, done }
    },
  },
  {
    form: payments.withdrawLinkForm as never,
    field: 'intent',
    ready: async (portal, url) => {
      const { one, make } = await sender(portal, url)
      await make()
      const done = counts(
        portal,
        `audit_events where action = 'pay-link.withdrawn' and account_id = $1`,
        one.person.id,
      )
      return { ...one, path: '/pay-links', right: {}, done }
    },
  },
]
