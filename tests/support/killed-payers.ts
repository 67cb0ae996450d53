// Customers who pay at simulated banks and come back, whatever is killed meanwhile: each step is done again until somebody answers.
import { setTimeout as sleep } from 'node:timers/promises'
import { Customer, type Page } from './customer.ts'
import { contract, PASSWORD, person } from './form-people.ts'
import { type Portal, rows } from './portal-process.ts'
import { cards } from './simulators/nestpay.ts'
import { payByCard } from './simulators/nestpay-customer.ts'

type Redirect = { method: 'GET' | 'POST'; url: string; fields: Record<string, string> }

const PATIENCE_MS = 120_000
const NESTPAY = [
  cards.approved,
  cards.callbackTwice,
  cards.callbackBefore,
  cards.neverReturns,
  cards.callbackLate,
]
/** Pays; pays without coming back; pays, and nothing tells of it; pays twice; is refused. */
const RAIACCEPT = [
  '4000000000000002',
  '4000000000000069',
  '4000000000000044',
  '4000000000000051',
  '4000000000000010',
]

const oneOf = <T>(values: readonly T[]): T => values[Math.floor(Math.random() * values.length)]!

/** Until it comes to something; what breaks off on the way, as a killed node breaks it off, is done again. */
async function insist<T>(what: string, step: () => Promise<T | undefined>): Promise<T> {
  let last: unknown
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(200)) {
    try {
      const done = await step()
      if (done !== undefined) return done
    } catch (error) {
      last = error
    }
  }
  throw new Error(`${what}: nobody answered`, { cause: last })
}

/** Somebody new with one invoice pays it, by a card of any kind, and perhaps comes back. Returns the contract's code. */
export async function payOnce(portal: Portal): Promise<string> {
  const biller = oneOf(['oshee', 'kesco'])
  const who = await person(portal)
  const code = await contract(portal, who, 'masked', biller)
  const customer = new Customer(portal.url)
  await insist('signing in', async () => {
    await customer.signIn(who.username, PASSWORD)
    return true
  })
  let form: Page | undefined
  const redirect = await insist('beginning to pay', async () => {
    const [begun] = await rows<{ id: string; state: string; redirect: Redirect | null }>(
      portal.databaseUrl,
      'select id, state, redirect from payment_attempts where account_id = $1 order by created_at desc limit 1',
      [who.id],
    )
    if (begun?.redirect) return begun.redirect
    // A bank that took no order: anew. One whose node died: on from the payment's page.
    if (begun?.state === 'cancelled') form = undefined
    else if (begun) await customer.get(`/payments/${begun.id}`)
    if (!begun || begun.state === 'cancelled') {
      form ??= await customer.get(`/contracts/${biller}/${code}/pay`)
      if (form.status === 200) await customer.submit(form, 'invoices', { intent: 'pay' }, { follow: false })
      else form = undefined
    }
    return undefined
  })
  await payAtBank(redirect, biller)
  return code
}

async function payAtBank(redirect: Redirect, biller: string): Promise<void> {
  if (biller === 'oshee') {
    const card = oneOf(NESTPAY)
    const { url, body } = await payByCard(redirect, card)
    if (card === cards.neverReturns || !url) return
    await comeBack(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    return
  }
  const target = `${redirect.url}?${new URLSearchParams(redirect.fields)}`.replace(/\?$/, '')
  const paid = await fetch(target, {
    method: 'POST',
    body: new URLSearchParams({ cardNumber: oneOf(RAIACCEPT), do: 'pay' }),
    redirect: 'manual',
  })
  const back = paid.headers.get('location')
  if (back) await comeBack(back, { method: 'GET' })
}

const comeBack = (url: string, init: RequestInit) =>
  insist('coming back', async () => {
    const { status } = await fetch(url, { ...init, redirect: 'manual' })
    return status < 500 ? true : undefined
  })
