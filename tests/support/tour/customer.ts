// The pages of a customer: contracts, invoices, payments.

import { heic, jpeg } from '../files.ts'
import { submit } from '../portal.ts'
import { rows } from '../portal-process.ts'
import { payWith, refused, type Tour, toBank, visit } from './stops.ts'

const MIRELA = '/contracts/oshee/TR0.A0000000000004'
const ARBEN = '/contracts/oshee/AL0000001'

/** Arben's: his own contract, and Mirela's, for which he pays. */
export async function contracts(tour: Tour): Promise<void> {
  const { page, portal, stop } = tour
  await visit(tour, '/contracts/add', 'add')
  await refused(tour, '[name=alias]', 'add-errors')
  await page.locator('[name=biller]').selectOption('oshee')
  await page.locator('[name=contractCode]').fill('TR0.A0000000000004')
  await page.locator('[name=alias]').fill('Apartamenti i gjyshes në Rrugën Myslym Shyri, kati i tretë')
  await page.locator('form:has([name=alias]) button').click()
  await page.waitForURL(/contracts\?added=/)
  await stop('contracts-added')
  await visit(tour, '/contracts', 'contracts')
  await visit(tour, `${MIRELA}/pay`, 'pay-amounts-only')
  await refused(tour, '[name=meterNumber]', 'prove-errors')
  const prove = async (code: string, landing: RegExp) => {
    const [bill] = await rows<{ meter: string; reading: string }>(
      portal.databaseUrl,
      `select c.meter_number as meter, i.current_reading::int::text as reading from invoices i
       join contracts c on c.id = i.contract_id where c.code = $1 order by period desc limit 1`,
      [code],
    )
    await page.locator('[name=meterNumber]').fill(bill!.meter)
    await page.locator('[name=currentReading]').fill(bill!.reading)
    await page.locator('form:has([name=meterNumber]) button').click()
    await page.waitForURL(landing)
  }
  await prove('TR0.A0000000000004', /history\?proved$/)
  await visit(tour, `${MIRELA}/info`, 'info-masked')
  await page.goto(`${MIRELA}/history`)
  await page.goto(
    (await page
      .locator('main a[href^="/invoices/"]:not([href="/invoices/unpaid"])')
      .first()
      .getAttribute('href'))!,
  )
  await stop('invoice-masked')
  await visit(tour, '/contracts/manage', 'manage')
  await submit(page, '[name=alias]')
  await page.waitForURL(/done=named/)
  await stop('manage-named')
  await visit(tour, '/usage', 'usage')
  await visit(tour, `${MIRELA}/remove`, 'remove')
  await page.locator('main form button[type=submit]').click()
  await page.waitForURL(/done=removed/)
  await stop('manage-removed')
  await visit(tour, `${ARBEN}/remove`, 'remove-last')
  await page.goto('/contracts/manage')
  await submit(page, '[name=shown]')
  await page.waitForURL(/done=restored/)
  await visit(tour, '/contracts/manage?search=zzz', 'manage-nothing-found')
  await visit(tour, `${ARBEN}/info`, 'info-unrecognised')
  await refused(tour, '[name=meterNumber]', 'recognise-errors')
  await prove('AL0000001', /recognised$/)
  await stop('info-recognised')
  await visit(tour, `${ARBEN}/info`, 'info')
  await visit(tour, `${ARBEN}/access`, 'access-nobody')
  await visit(tour, `${ARBEN}/history`, 'history-missing-months')
  await visit(tour, '/certificates', 'certificates-none')
}

/** Mirela's: three invoices overdue, and every end that a payment can have. */
export async function payments(tour: Tour): Promise<void> {
  const { page, stop } = tour
  await visit(tour, '/contracts', 'contracts-somebody-waits')
  await visit(tour, '/invoices/unpaid', 'unpaid')
  await visit(tour, '/invoices/unpaid?part&biller=oshee&amount=1500', 'unpaid-part')
  await visit(tour, '/invoices/unpaid?part&biller=oshee&amount=x', 'unpaid-part-errors')
  await visit(tour, '/invoices/unpaid/plan?cash=6000', 'plan')
  await visit(tour, '/invoices/unpaid/plan?cash=x', 'plan-errors')
  await visit(tour, '/pay-links', 'pay-links')
  await refused(tour, '[name=invoices]', 'pay-links-errors')
  await page.locator('[name=invoices]').first().check()
  await submit(page, '[name=invoices]')
  await page.waitForURL(/made=/)
  await stop('pay-links-made')
  await page.locator('form:has([value=withdraw]) button').click()
  await page.waitForURL(/withdrawn/)
  await stop('pay-links-withdrawn')
  await visit(tour, `${MIRELA}/access`, 'access')
  await page.locator('section[aria-labelledby=people] summary').first().click()
  await stop('access-change')
  await page.locator('[name=level][value=limited]').first().check()
  await page.locator('button[value=save]').first().click()
  await page.waitForURL(/done/)
  await stop('access-done')
  await visit(tour, `${MIRELA}/handover`, 'handover')
  const day = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10)
  await visit(tour, `${MIRELA}/handover?on=${day}`, 'handover-confirm')
  await page.locator('button.btn-danger').click()
  await page.waitForURL(/done=named/)
  await stop('handover-named')
  await page.locator('section[aria-labelledby=handover] button[type=submit]').click()
  await page.waitForURL(/done=undone/)
  await visit(tour, '/contracts', 'contracts-overdue')
  await visit(tour, `${MIRELA}/history?from=2026-02&to=2026-01`, 'history-errors')
  await visit(tour, `${MIRELA}/history?from=2024-01&to=2026-12`, 'history-of-years')
  await visit(tour, `${MIRELA}/history`, 'history')
  const invoices = page.locator('section[aria-labelledby=invoices] tbody a[href^="/invoices/"]')
  const [overdue, settled] = [
    await invoices.first().getAttribute('href'),
    await invoices.last().getAttribute('href'),
  ]
  await visit(tour, settled!, 'invoice-paid')
  await visit(tour, `${overdue!}/compare`, 'compare')
  await stop('compare-on-paper', 'paper')
  await visit(tour, `${MIRELA}/readings`, 'readings')
  await refused(tour, '[name=currentReading]', 'readings-errors')
  await visit(tour, overdue!, 'invoice')
  await stop('invoice-on-paper', 'paper')
  await requests(tour)
  await certificates(tour)
  await visit(tour, `${MIRELA}/pay`, 'pay')
  for (const box of await page.locator('[name=invoices]').all()) await box.uncheck()
  await page.locator('button[value=pay]').click()
  await page.locator('main [role=alert]').waitFor()
  await stop('pay-errors')

  await toBank(tour, `${MIRELA}/pay`)
  await stop('sandbox-bank')
  await page.locator('[name=cardNumber]').fill('1234')
  await page.locator('button[value=pay]').click()
  await page.locator('[role=alert]').waitFor()
  await stop('sandbox-bank-errors')
  await payWith(tour, '4000000000000010')
  await stop('payment-declined')
  await toBank(tour, `${MIRELA}/pay`)
  const bank = page.url()
  await page.locator('button[value=cancel]').click()
  await page.waitForURL(/\/payments\//)
  await stop('payment-cancelled')
  await visit(tour, bank, 'sandbox-bank-decided')

  await page.goto(`${MIRELA}/pay`)
  await page.locator('[name=invoices]').first().uncheck()
  await page.locator('button[value=pay]').click()
  await page.waitForURL(/sandbox-bank/)
  await payWith(tour, '4000000000000044')
  await stop('payment-not-known')
  await page.locator('a[href$="?unfinished"]').click()
  await page.locator('button[value=cancel]').click()
  await page.locator('main [role=alert]').waitFor()
  await stop('payment-not-cancelled')
  await visit(tour, '/contracts', 'contracts-in-doubt')
  await visit(tour, `${MIRELA}/pay`, 'pay-under-way')
  await toBank(tour, `${MIRELA}/pay`)
  await payWith(tour, '4000000000000002')
  await stop('payment-paid')
  await visit(tour, `${new URL(page.url()).pathname}/receipt`, 'receipt')
  await stop('receipt-on-paper', 'paper')
  await visit(tour, `${MIRELA}/pay`, 'pay-all-under-way')
  await visit(tour, '/contracts', 'contracts-all-under-way')
}

/** What it is about, the form of a kind, what is refused, and one that is kept for later. */
async function requests(tour: Tour): Promise<void> {
  const { page, stop } = tour
  await visit(tour, `${MIRELA}/requests/new`, 'request-type')
  await page.locator('[name=type]').first().check()
  await page.locator('main form:has([name=type]) button').click()
  await page.locator('main [role=alert]').waitFor()
  await stop('request-type-errors')
  await visit(tour, `${MIRELA}/requests/new?type=F&kind=F1`, 'request')
  await page.locator('[name=currentReading]').fill('x')
  await page.locator('[name=documents]').setInputFiles([
    { name: 'foto-e-matesit-19-nentor.jpg', mimeType: 'image/jpeg', buffer: jpeg },
    { name: 'foto.heic', mimeType: 'image/heic', buffer: heic },
  ])
  await refused(tour, '[name=note]', 'request-errors')
  await page.locator('button[value=save]').click()
  await page.waitForURL(/saved$/)
  await stop('request-saved')
  await visit(tour, `${MIRELA}/requests/new?type=F&kind=F1`, 'request-resumed')
  await visit(tour, `${MIRELA}/requests/new?type=P&kind=P5`, 'request-instalments')
  await ownRequests(tour)
}

/** Mirela's, in every state. */
async function ownRequests(tour: Tour): Promise<void> {
  const { page, portal } = tour
  const all = await rows<{ kind: string; number: string }>(
    portal.databaseUrl,
    `select kind, number from cases where queue = 'requests' and account_id = (select id from accounts where username = 'mirela')`,
  )
  const pathOf = (kind: string) => `${MIRELA}/requests/${all.find(one => one.kind === kind)!.number}`
  await visit(tour, '/requests', 'requests')
  await visit(tour, '/requests?show=decided', 'requests-decided')
  await visit(tour, `${MIRELA}/requests`, 'requests-of-contract')
  await visit(tour, `${pathOf('M2')}?sent`, 'request-sent')
  await visit(tour, `${pathOf('M2')}?change`, 'request-change')
  await refused(tour, '[name=meterNumber]', 'request-change-errors')
  await visit(tour, `${pathOf('M2')}?withdraw`, 'request-withdraw')
  await visit(tour, pathOf('F1'), 'request-taken')
  await page.locator('summary').last().click()
  await tour.stop('request-counted')
  await visit(tour, pathOf('C2'), 'request-late')
  await visit(tour, pathOf('F5'), 'request-rejected')
  await visit(tour, pathOf('C1'), 'request-withdrawn')
  await visit(tour, pathOf('D3'), 'request-asked')
  await page.locator('[name=note]').fill('Po e dërgoj.')
  await submit(page, '[name=note]')
  await page.waitForURL(/done=answered/)
  await tour.stop('request-answered')
}

/** Mirela's: some that the demonstration has, and a new one, which she gets at once. */
async function certificates(tour: Tour): Promise<void> {
  const { page, stop } = tour
  const contract = `contract=${MIRELA.replace('/contracts/', '')}`
  await visit(tour, '/certificates', 'certificates')
  const last = await page.locator('main table a').last().getAttribute('href')
  await visit(tour, last!, 'certificate-rejected')
  await visit(tour, '/certificates/new', 'certificate-kind')
  await visit(tour, `/certificates/new?step=2&kind=private&${contract}`, 'certificate-kind-errors')
  await visit(tour, `/certificates/new?kind=household&${contract}`, 'certificate-application')
  await page.locator('button[value=apply]').click()
  await page.locator('main [role=alert]').first().waitFor()
  await stop('certificate-application-errors')
  await page.locator('[name=fatherName]').fill('Agim')
  await page.locator('button[value=apply]').click()
  await page.waitForURL(/done=sent/)
  await stop('certificate-issued')
  await stop('certificate-on-paper', 'paper')
  await page.goto('/certificates')
  const before = await page.locator('main table tbody tr:nth-child(2) a').first().getAttribute('href')
  await visit(tour, before!, 'certificate-replaced')
}

/** One long name after another, hundreds of rows, and none at all. */
export async function extremes(tour: Tour): Promise<void> {
  const { page, portal } = tour
  const run = (statement: string) => rows(portal.databaseUrl, statement)
  await run(`update accounts set first_name = 'Maksimiliana-Aleksandrinë', last_name = 'Hadergjonaj-Krasniqi e Podrimjes',
    email = 'maksimiliana-aleksandrine.hadergjonaj-krasniqi@ministria-e-infrastruktures.example.com' where username = 'milan'`)
  await run(`update contract_access set alias = repeat('Shtëpiaepushimitnëbjeshkë', 2) || 'Valbonë'
    where account_id = (select id from accounts where username = 'milan')`)
  await run(`update contracts set address = 'Rruga Dëshmorët e Kombit dhe Fishtave të Lezhës, Pallati Ndërtimi i Ri, Shkalla 3, Kati 12, Apartamenti 47',
    holder_last_name = 'Petrović-Hadergjonaj e Podrimjes së Epërme' where code = 'DPZ-10442'`)
  await run(`update invoices set principal = 1234567890, total = 1234567890 + tv_tax where contract_id =
    (select id from contracts where code = 'DPZ-10442') and unpaid > 0`)
  await run(`insert into disconnections (biller_id, contract_id, reference, announced_on, not_before, reason)
    select biller_id, id, 'T-1', current_date - 1, current_date + 1, 'debt' from contracts where code = 'DPZ-10442'`)
  await visit(tour, '/contracts', 'long-names-contracts')
  await visit(tour, '/no-power', 'long-names-no-power')
  await run(`update disconnections set done_at = now() - interval '30 hours', amount = 0`)
  await run(`insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source, received_at)
    select biller_id, id, 'T-POWER', current_date, 1, 'CASH', 'Posta', now() - interval '3 hours' from contracts where code = 'DPZ-10442'`)
  await visit(tour, '/no-power', 'no-power-reconnecting')
  await visit(tour, '/contracts/kesco/DPZ-10442/pay', 'long-names-pay')
  await visit(tour, '/contracts/kesco/DPZ-10442/info', 'long-names-info')
  await visit(tour, '/estimator?with=boiler----t,oven----t,heater-3000---t,washer', 'long-names-estimator')
  await visit(tour, '/contracts/manage', 'long-names-manage')
  await visit(tour, '/account', 'long-names-account')
  await page.goto('/contracts')
  await visit(
    tour,
    (await page
      .locator('main a[href^="/invoices/"]:not([href="/invoices/unpaid"])')
      .first()
      .getAttribute('href'))!,
    'long-names-invoice',
  )

  await run(
    `insert into contracts (biller_id, code, category) select 1, 'AL' || 9000000 + n, 'household' from generate_series(1, 500) n`,
  )
  await run(`insert into contract_access (account_id, contract_id) select a.id, c.id from accounts a, contracts c
    where a.username = 'milan' and c.code ~ '^AL9'`)
  await run(`insert into invoices (biller_id, contract_id, number, period, issued_on, due_on, principal, tv_tax, total)
    select c.biller_id, c.id, 'MANY-' || n, date '1980-01-01' + n * interval '1 month', '2024-01-05', '2024-01-31', 45600, 10000, 55600
    from contracts c, generate_series(1, 500) n where c.code = 'AL9000001'`)
  await visit(tour, '/contracts', 'contracts-500', 'long')
  await visit(tour, '/contracts/manage', 'manage-500', 'long')
  await visit(tour, '/no-power', 'no-power-500')
  await visit(tour, '/contracts/oshee/AL9000001/pay', 'pay-500', 'long')
  await visit(tour, '/invoices/unpaid', 'unpaid-500', 'long')
  await visit(tour, '/invoices/unpaid/plan?cash=50000', 'plan-500', 'long')
  await run(`update contract_access set removed_at = now() where account_id = (select id from accounts where username = 'milan')
    and contract_id <> (select id from contracts where code = 'AL9000002')`)
  await visit(tour, '/contracts', 'contracts-without-invoice')
  await visit(tour, '/contracts/oshee/AL9000002/pay', 'pay-nothing-due')
  await run(
    `update contract_access set removed_at = now() where account_id = (select id from accounts where username = 'milan')`,
  )
  await visit(tour, '/contracts', 'contracts-none')
  await visit(tour, '/contracts/manage', 'manage-none')
  await visit(tour, '/usage', 'usage-none')
  await visit(tour, '/readings', 'readings-none')
  await visit(tour, '/requests', 'requests-none')
  await visit(tour, '/certificates/new', 'certificate-not-holder')
  await visit(tour, '/invoices/unpaid', 'unpaid-none')
  await visit(tour, '/invoices/unpaid/plan', 'plan-none')
}

/** When even the database is away. */
export async function failing({ page, portal, stop }: Tour): Promise<void> {
  await rows(portal.databaseUrl, 'alter table sessions rename to sessions_away')
  await page.goto('/contracts')
  await page.locator('h2').first().waitFor()
  await stop('failure', 'failure')
  await rows(portal.databaseUrl, 'alter table sessions_away rename to sessions')
}
