// The journeys of a payment at each bank, through its simulator at another origin: to its page, back, and whatever goes wrong between.
import type { Browser, Locator, Page } from 'playwright/test'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { type Locale, locales } from '../../lib/i18n/locale.ts'
import { axe } from '../support/audit.ts'
import { type Banks, keepFromLog, test, typeCard } from '../support/banks-portal.ts'
import { contract, PASSWORD, type Person, person } from '../support/form-people.ts'
import { command } from '../support/payment-commands.ts'
import { expect, rows, signIn, submit } from '../support/portal.ts'
import type { Portal } from '../support/portal-process.ts'
import { cards } from '../support/simulators/nestpay.ts'
import { sealed } from '../support/simulators/nestpay-hash.ts'

/** `silent` pays, and neither the browser nor the bank's server tells of it; `called` pays, and its server calls. */
const BANKS = {
  nestpay: {
    biller: 'oshee',
    approved: cards.approved,
    declined: cards.noFunds,
    silent: cards.neverReturns,
    called: cards.callbackTwice,
    doubtful: cards.approvedUnauthenticated,
  },
  raiaccept: {
    biller: 'kesco',
    approved: '4000000000000002',
    declined: '4000000000000010',
    silent: '4000000000000044',
    called: '4000000000000069',
    doubtful: '4000000000000036',
  },
} as const

type Gateway = keyof typeof BANKS

/** Somebody before their browser, and the bank of the biller that they owe. */
type Walk = {
  page: Page
  browser: Browser
  portal: Portal
  banks: Banks
  gateway: Gateway
  language: Locale
  scripts: boolean
}
type Payer = { payer: Person; code: string }

/** Each journey at each bank, in these languages. */
const each = (
  title: string,
  languages: readonly Locale[],
  journey: (walk: Walk) => Promise<void>,
  of: Gateway[] = ['nestpay', 'raiaccept'],
) => {
  for (const gateway of of) {
    for (const language of languages) {
      test(`${gateway}, ${language}: ${title}`, async ({ page, browser, portal, banks, javaScriptEnabled }) =>
        journey({ page, browser, portal, banks, gateway, language, scripts: javaScriptEnabled !== false }))
    }
  }
}

const texts = ({ language }: Walk) => catalogue(language).payment

/** Somebody with one invoice of each of `contracts` contracts, signed in. */
async function signedIn({ page, portal, gateway, language }: Walk, contracts = 1): Promise<Payer> {
  const payer = await person(portal)
  keepFromLog(payer.username, payer.email, payer.phone, 'Arta', 'Berisha')
  await rows(portal.databaseUrl, 'update accounts set language = $2 where id = $1', [payer.id, language])
  let code = ''
  for (let made = 0; made < contracts; made++) {
    code = await contract(portal, payer, 'masked', BANKS[gateway].biller)
  }
  await signIn(page, payer.username)
  return { payer, code }
}

/** From the page to pay to the bank's. */
async function toBank(walk: Walk, code: string): Promise<void> {
  await walk.page.goto(`/contracts/${BANKS[walk.gateway].biller}/${code}/pay`)
  await pressPay(walk)
}

async function pressPay(walk: Walk): Promise<void> {
  await walk.page.locator('button[name=intent][value=pay]').click()
  await arriveAtBank(walk)
}

/** Where a form of the payment's page leads there and there are no scripts, it is one plain button more. */
async function arriveAtBank({ page, gateway, scripts }: Walk, byForm = gateway === 'nestpay'): Promise<void> {
  if (byForm && !scripts) await page.locator('form[action^="http://127.0.0.1:"] button').click()
  await expect(page.locator('.made-up')).toBeVisible()
}

/** And back, where the bank leads back. */
async function pay({ page, gateway, scripts }: Walk, card: string): Promise<void> {
  await typeCard(page, card)
  await page.getByRole('button', { name: 'Pay', exact: true }).click()
  if (gateway === 'nestpay' && !scripts) await page.getByRole('button', { name: 'Continue' }).click()
}

/** The same where nothing leads back, or the browser dies on its way. */
async function payAndVanish({ page, portal }: Walk, card: string): Promise<void> {
  await page.context().route(`${portal.url}/**`, route => route.abort())
  await typeCard(page, card)
  await page.getByRole('button', { name: 'Pay', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Pay', exact: true })).toHaveCount(0)
  await page.context().unroute(`${portal.url}/**`)
}

type Facts = {
  id: string
  number: string
  state: string
  amount: number
  returned: boolean
  payments: number
}

/** The newest payment of somebody's. */
async function attemptOf({ portal }: Walk, { payer }: Payer): Promise<Facts> {
  const [found] = await rows<Facts>(
    portal.databaseUrl,
    `select a.id, a.number, a.state, a.amount::integer, a.returned_at is not null as returned, count(p.id)::integer as payments
     from payment_attempts a left join payments p on p.attempt_id = a.id
     where a.account_id = $1 group by a.id order by a.created_at desc limit 1`,
    [payer.id],
  )
  return found!
}

/** Whatever was told how often, the bank took it once and it counts once. */
async function expectCountedOnce(walk: Walk, who: Payer): Promise<void> {
  const { number, state, amount: ordered, payments } = await attemptOf(walk, who)
  expect([state, payments]).toEqual(['captured', 1])
  const { banks, gateway } = walk
  const taken =
    gateway === 'nestpay' ? banks.nestpay.book.sales(number) : banks.raiaccept.book()[number]!.captured
  expect(taken.map(({ amount }) => amount)).toEqual([ordered])
}

/** Back at the portal, which asks a bank whose way back says nothing: looked at again until it shows `what`. */
async function expectToCome({ page, portal }: Walk, what: Locator): Promise<void> {
  await expect(page).toHaveURL(url => url.origin === new URL(portal.url).origin)
  await expect(async () => {
    if (!(await what.isVisible())) await page.reload()
    await expect(what).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 20_000 })
}

const pdfLink = (walk: Walk) => walk.page.getByRole('link', { name: texts(walk).receiptPdf })
const heading = ({ page }: Walk, name: string) => page.getByRole('heading', { level: 1, name, exact: true })

async function expectReceipt(walk: Walk, { code }: Payer): Promise<void> {
  const { page } = walk
  await expectToCome(walk, pdfLink(walk))
  await page.getByRole('link', { name: texts(walk).receipt, exact: true }).click()
  await expect(page.locator('main')).toContainText(code)
  const pdf = await page.request.get(`${new URL(page.url()).pathname}.pdf`)
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-')
}

/** Asks the bank, as a customer does who looks again, until the page says so. */
async function askUntil({ page }: Walk, id: string, what: Locator): Promise<void> {
  await expect(async () => {
    await page.goto(`/payments/${id}?asked`)
    await expect(what).toBeVisible({ timeout: 500 })
  }).toPass({ intervals: [1000] })
}

/** Has the worker do now what it would do later. */
const now = ({ portal }: Walk, key: string) =>
  rows(
    portal.databaseUrl,
    `select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where key = $1), now())`,
    [key],
  )

async function paysAfterDecline(walk: Walk): Promise<void> {
  const { page, banks, gateway, scripts } = walk
  const who = await signedIn(walk)
  await toBank(walk, who.code)
  await pay(walk, BANKS[gateway].declined)
  await expectToCome(walk, heading(walk, texts(walk).states.declined.title))
  await page.locator('main .btn[href*="?payment="]').click()
  await pressPay(walk)
  const { id, number } = await attemptOf(walk, who)
  if (gateway === 'nestpay' && scripts) {
    await page.goBack()
    // Back does not lead to the bank once more.
    await expect(page).toHaveURL(`/payments/${id}`)
    await expect(page.locator(`form[action^="${banks.nestpay.url}"] button`)).toBeVisible()
    await page.goForward()
  }
  await pay(walk, BANKS[gateway].approved)
  await expect(page).toHaveURL(`/payments/${id}`)
  await expectReceipt(walk, who)
  await expectCountedOnce(walk, who)
  const [payment] = await rows<{ reference: string }>(
    walk.portal.databaseUrl,
    'select reference from payments where attempt_id = $1',
    [id],
  )
  expect(payment!.reference).toBe(number)

  // In a browser that knows nothing of it one signs in and is there.
  await page.context().clearCookies()
  await page.goto(`/payments/return/${gateway}?payment=${id}`)
  await expect(page).toHaveURL(/\/sign-in/)
  await page.locator('[name=identifier]').fill(who.payer.username)
  await page.locator('[name=password]').fill(PASSWORD)
  await submit(page, '[name=password]')
  await expect(page).toHaveURL(`/payments/${id}`)
  await expect(pdfLink(walk)).toBeVisible()
}

each('a declined card, another one, the receipt, and signed out meanwhile', ['en'], paysAfterDecline)
each('a declined card, another one, the receipt @deep @again', ['sq', 'sr'], paysAfterDecline)

test('without the bank’s origin in the policy the payment hangs at the form @javascript', async ({
  browser,
  page,
  portal,
  banks,
}) => {
  const walk: Walk = { page, browser, portal, banks, gateway: 'nestpay', language: 'en', scripts: true }
  const who = await signedIn(walk)
  const context = await browser.newContext({
    baseURL: portal.url,
    storageState: await page.context().storageState(),
  })
  const hanging = await context.newPage()
  const refused: string[] = []
  hanging.on('console', message => void (message.type() === 'error' && refused.push(message.text())))
  await context.route(`${portal.url}/payments/*`, async route => {
    const response = await route.fetch({ maxRedirects: 0 })
    const headers = response.headers()
    const policy = headers['content-security-policy']!
    expect(policy).toContain(`form-action 'self' `)
    headers['content-security-policy'] = policy.replace(` ${banks.nestpay.url}`, '')
    await route.fulfill({ response, headers })
  })
  await toBank(walk, who.code)
  const { id } = await attemptOf(walk, who)
  await hanging.goto(`/payments/${id}?bank`)
  await expect.poll(() => refused.join()).toContain('form-action')
  expect(hanging.url()).toContain(`${portal.url}/payments/${id}`)
  // With it the same form leads there.
  await context.unroute(`${portal.url}/payments/*`)
  const free = await context.newPage()
  await free.goto(`/payments/${id}?bank`)
  await expect(free.locator('.made-up')).toBeVisible()
  await context.close()
})

each('words in the bank’s name pay nothing, and have the bank asked @deep @once', ['en'], async walk => {
  const { page, portal, gateway } = walk
  const who = await signedIn(walk)
  await toBank(walk, who.code)
  const { id, number, amount } = await attemptOf(walk, who)
  const send = async (body: string, type: string) => {
    const to = `${portal.url}/api/payments/${gateway}/callback`
    return (await page.request.post(to, { data: body, headers: { 'Content-Type': type } })).status()
  }
  if (gateway === 'nestpay') {
    for (const key of ['the-key-of-another-merchant', '']) {
      const claim = new URLSearchParams(
        sealed(nestpayClaim(number, (amount / 100).toFixed(2)), key),
      ).toString()
      expect(await send(claim, 'application/x-www-form-urlencoded')).toBe(200)
    }
  } else {
    expect(await send(JSON.stringify(raiacceptClaim(number)), 'application/json')).toBe(200)
  }
  const asked = () =>
    rows(
      portal.databaseUrl,
      'select state, asked_at is not null as asked from payment_attempts where id = $1',
      [id],
    )
  await expect.poll(asked, { timeout: 15_000 }).toEqual([{ state: 'pending', asked: true }])
  expect((await attemptOf(walk, who)).payments).toBe(0)
})

const nestpayClaim = (oid: string, amount: string) => ({
  ...{ clientid: '180000001', oid, ReturnOid: oid, amount, currency: '008', rnd: 'made-up' },
  ...{ mdStatus: '1', Response: 'Approved', ProcReturnCode: '00', TransId: 'made-up', hashAlgorithm: 'ver3' },
})

const raiacceptClaim = (reference: string) => ({
  order: { orderIdentification: 'made-up', invoice: { merchantOrderReference: reference } },
  transaction: {
    ...{ transactionId: 'made-up', transactionType: 'PURCHASE', status: 'SUCCESS', statusCode: '0000' },
    ...{ transactionAmount: 50, transactionCurrency: 'EUR', isProduction: true },
  },
})

each('is cancelled at the bank @deep @again', locales, async walk => {
  const { page, gateway } = walk
  const who = await signedIn(walk)
  await toBank(walk, who.code)
  await page.getByText('Cancel', { exact: true }).click()
  const { id } = await attemptOf(walk, who)
  await expect(page).toHaveURL(`/payments/${id}`)
  if (gateway === 'nestpay') {
    // Nobody tried a card, so that bank knows nothing of it: the way back to it stays open until its customer gives it up.
    await askUntil(walk, id, page.locator('form[action^="http://127.0.0.1:"] button'))
    await page.getByRole('button', { name: texts(walk).cancel }).click()
    await expect(heading(walk, texts(walk).states.cancelled.title)).toBeVisible()
  } else {
    await askUntil(walk, id, heading(walk, texts(walk).states.cancelled.title))
  }
  await toBank(walk, who.code)
  await pay(walk, BANKS[gateway].approved)
  await expectReceipt(walk, who)
  await expectCountedOnce(walk, who)
})

each('is in doubt, and then known @deep @again', locales, async walk => {
  const { page, banks, gateway } = walk
  const who = await signedIn(walk)
  // No interface of the bank answers meanwhile.
  banks.nestpay.faults.apiStatus = 503
  await toBank(walk, who.code)
  await pay(walk, BANKS[gateway].doubtful)
  const { id, number } = await attemptOf(walk, who)
  await expect(page).toHaveURL(`/payments/${id}`)
  await expect(heading(walk, texts(walk).states.unknown.silent)).toBeVisible()
  await axe(page)
  // Nothing of it can be paid once more.
  await page.goto(`/contracts/${BANKS[gateway].biller}/${who.code}/pay`)
  await expect(page.locator('button[name=intent][value=pay]')).toHaveCount(0)
  banks.nestpay.faults.apiStatus = undefined
  if (gateway === 'raiaccept') banks.raiaccept.control({ settle: { reference: number, as: 'SUCCESS' } })
  await askUntil(walk, id, pdfLink(walk))
  await expectReceipt(walk, who)
  await expectCountedOnce(walk, who)
})

each(
  'is paid, and the browser never comes back: the bank’s server calls @deep @again',
  locales,
  async walk => {
    const who = await signedIn(walk)
    await toBank(walk, who.code)
    await payAndVanish(walk, BANKS[walk.gateway].called)
    await expect.poll(async () => (await attemptOf(walk, who)).state).toBe('captured')
    const { id, returned } = await attemptOf(walk, who)
    expect(returned).toBe(false)
    await walk.page.goto(`/payments/${id}`)
    await expectReceipt(walk, who)
    await expectCountedOnce(walk, who)
  },
)

each('is paid, and nobody ever tells: the portal asks @deep @again', locales, async walk => {
  const who = await signedIn(walk)
  await toBank(walk, who.code)
  await payAndVanish(walk, BANKS[walk.gateway].silent)
  const { id, state } = await attemptOf(walk, who)
  expect(state).toBe('pending')
  // As if its time were over: nobody looks at it, and it is not given up.
  await rows(
    walk.portal.databaseUrl,
    `update payment_attempts set created_at = now() - interval '3 hours', order_expires_at = now() - interval '1 minute' where id = $1`,
    [id],
  )
  await now(walk, `check-payment:${id}`)
  await expect.poll(async () => (await attemptOf(walk, who)).state, { timeout: 15_000 }).toBe('captured')
  await walk.page.goto(`/payments/${id}`)
  await expectReceipt(walk, who)
  await expectCountedOnce(walk, who)
})

each('one order is declined on the bank’s page, and then paid there @deep @again', locales, async walk => {
  const { page, gateway } = walk
  const who = await signedIn(walk)
  await toBank(walk, who.code)
  if (gateway === 'raiaccept') {
    await pay(walk, '4000000000000028')
    await expect(page.getByRole('alert')).toBeVisible()
  } else {
    await payAndVanish(walk, BANKS.nestpay.declined)
    const { id } = await attemptOf(walk, who)
    await page.goto(`/payments/${id}?bank`)
    await arriveAtBank(walk)
  }
  await pay(walk, BANKS[gateway].approved)
  await expectReceipt(walk, who)
  await expectCountedOnce(walk, who)
})

each('a guest pays by a link, and comes back in another browser @deep @again', locales, async walk => {
  const { page, browser, portal, gateway, language } = walk
  const code = await contract(portal, undefined, 'masked', BANKS[gateway].biller)
  await page.goto(`/language/${language}?to=/pay`)
  await page.locator('[name=biller]').selectOption(BANKS[gateway].biller)
  await page.locator('[name=contractCode]').fill(code)
  await page.locator('[name=invoiceNumber]').fill(`${code}-1`)
  await page.locator('[name=email]').fill(`guest-${code.toLowerCase()}@example.com`)
  keepFromLog(`guest-${code.toLowerCase()}`)
  await submit(page, '[name=invoiceNumber]')
  await expect(page).toHaveURL(/\/pay\/[\w-]{22}$/)
  const link = page.url()
  keepFromLog(link.slice(-22))
  await page.locator('main form button[type=submit]').first().click()
  await arriveAtBank(walk)
  await pay(walk, BANKS[gateway].approved)
  await expect(page).toHaveURL(link)
  await expectToCome(walk, pdfLink(walk))

  const [{ id }] = (await rows<{ id: string }>(
    portal.databaseUrl,
    `select a.id from payment_attempts a join payment_attempt_invoices i on i.attempt_id = a.id
     join contracts c on c.id = i.contract_id where c.code = $1`,
    [code],
  )) as [{ id: string }]
  const context = await browser.newContext({
    baseURL: portal.url,
    locale: language,
    javaScriptEnabled: walk.scripts,
  })
  const other = await context.newPage()
  await other.goto(`/payments/return/${gateway}?payment=${id}`)
  await expect(other).toHaveURL(`/pay/returned/${id}`)
  for (const told of ['50.00', '50,00', '100.00', '100,00', code, link.slice(-22)])
    expect(await other.content()).not.toContain(told)
  await context.close()
})

each('several contracts are one payment, and one receipt @deep @again', locales, async walk => {
  const { page, portal, banks, gateway } = walk
  const who = await signedIn(walk, 3)
  const id = await command(portal, banks.secrets, 'begin', who.payer.id, BANKS[gateway].biller)
  await page.goto(`/payments/${id}?bank`)
  await arriveAtBank(walk, true)
  await pay(walk, BANKS[gateway].approved)
  await expectReceipt(walk, who)
  const { number, amount, payments } = await attemptOf(walk, who)
  expect(payments).toBe(3)
  const booked = await rows<{ reference: string; amount: string; receipt: string }>(
    portal.databaseUrl,
    'select reference, amount::integer as amount, receipt_number as receipt from payments where attempt_id = $1 order by contract_id',
    [id],
  )
  expect(booked).toEqual(
    [1, 2, 3].map(n => ({ reference: `${number}.${n}`, amount: amount / 3, receipt: number })),
  )
})

each(
  'what was paid twice is given back at the bank, as two members of staff agree @deep @again',
  locales,
  async walk => {
    const { page, portal, banks, gateway } = walk
    const who = await signedIn(walk)
    await toBank(walk, who.code)
    await pay(walk, gateway === 'nestpay' ? BANKS.nestpay.approved : '4000000000000051')
    const { id, number } = await attemptOf(walk, who)
    await expect(page).toHaveURL(`/payments/${id}`)
    if (gateway === 'nestpay') banks.nestpay.takeAgain(number)
    await expect(async () => {
      await page.goto(`/payments/${id}?asked`)
      expect((await attemptOf(walk, who)).payments).toBe(2)
    }).toPass({ intervals: [1000], timeout: 20_000 })
    const [over] = await rows<{ id: string }>(
      portal.databaseUrl,
      'select id::text from payments where attempt_id = $1 and allocated = 0',
      [id],
    )
    // Of two captures of a day NestPay gives one back on the next.
    banks.nestpay.book.endDay()
    await command(portal, banks.secrets, 'refund', over!.id)
    const given = () =>
      (gateway === 'nestpay' ? banks.nestpay.book.refunds(number) : banks.raiaccept.book()[number]!.refunded)
        .length
    await expect.poll(given).toBe(1)
    await expect(async () => {
      await page.goto(`/payments/${id}`)
      const title = page.getByRole('heading', { name: texts(walk).refunds.title })
      await expect(title).toBeVisible({ timeout: 500 })
    }).toPass()
    await expect
      .poll(() => rows(portal.databaseUrl, 'select state from refunds where payment_id = $1', [over!.id]))
      .toEqual([{ state: 'succeeded' }])
  },
)
