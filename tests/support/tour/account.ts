// The pages of an account, and those of staff.
import { codeAt } from '../../../lib/auth/totp.ts'
import { tariffsPath } from '../../../lib/tariffs/schema.ts'
import { pdf } from '../files.ts'
import { latestCode, signInStaff, submit } from '../portal.ts'
import { rows } from '../portal-process.ts'
import { leave, refused, sentLink, type Tour, visit } from './stops.ts'

/** Mirela's. */
export async function account(tour: Tour): Promise<void> {
  const { page, portal, stop, language } = tour
  await visit(tour, '/account', 'account')
  await notices(tour)
  await visit(tour, '/account/password', 'password')
  await refused(tour, '[name=newPassword]', 'password-errors')
  await rows(
    portal.databaseUrl,
    `insert into sessions (account_id, expires_at, user_agent, address) select id, now() + interval '1 day', 'Mozilla/5.0 (Android 14; Mobile; rv:120.0) Firefox/120.0', '192.0.2.1'
     from accounts, generate_series(1, 6) where username = 'mirela'`,
  )
  await visit(tour, '/account/sessions', 'sessions')
  await visit(tour, '/account/contact', 'contact')
  await rows(portal.databaseUrl, `update accounts set email_verified_at = null where username = 'mirela'`)
  await visit(tour, '/account', 'account-unverified')
  await visit(tour, '/account/contact', 'contact-unverified')
  await page.locator('section:has(#unverified) button').click()
  await page.waitForURL(/sent/)
  await stop('contact-unverified-sent')
  // Whoever registered before her was sent such a link, too.
  const hers = /mirela@example\.com(?:(?!@example\.com)[\s\S])*?(\/account\/contact\/verify\/[\w-]+)/
  await visit(tour, await sentLink(tour, hers), 'verify-email')
  await page.locator('main form button').click()
  await page.locator('main form').waitFor({ state: 'detached' })
  await stop('verify-email-done')
  await visit(tour, '/account/contact/verify/nothing', 'verify-email-gone')
  await visit(tour, '/account/contact', 'contact-verified')
  await refused(tour, '[name=email]', 'contact-errors')
  await page.locator('[name=email]').fill('mirela.shehu@example.com')
  await submit(page, '[name=email]')
  await page.locator('[name=code]').waitFor()
  await page.goto('/account/contact')
  await stop('contact-code')
  await page.locator('[name=code]').fill(await latestCode(page, 'mirela.shehu@example.com'))
  await submit(page, '[name=code]')
  await page.waitForURL(/done=email/)
  await visit(tour, await sentLink(tour, /\/account\/contact\/undo\/[\w-]+/), 'contact-undo')

  await visit(tour, '/account/payments', 'payments')
  await visit(tour, '/account/business', 'business')
  await refused(tour, '[name=nipt]', 'business-errors')
  await page.locator('[name=biller]').selectOption('oshee')
  await page.locator('[name=nipt]').fill('J91402501L')
  await page.locator('[name=businessName]').fill('Drita e Re Sh.p.k.')
  await page.locator('[name=legalRepresentative]').fill('Mirela Shehu')
  await page
    .locator('[name=documents]')
    .setInputFiles({ name: 'ekstrakti-i-regjistrimit.pdf', mimeType: 'application/pdf', buffer: pdf })
  await submit(page, '[name=documents]')
  await page.waitForURL(/done=added/)
  await stop('business-added')

  await visit(tour, '/account/data', 'data')
  await page.locator('section:has(#copy) button[type=submit]').last().click()
  await page.locator('section:has(#copy) [role=status]').waitFor()
  await stop('data-copy')
  await rows(
    portal.databaseUrl,
    `insert into audit_events (account_id, action) select id, (array['session.begun', 'password.changed', 'own-data.fetched'])[1 + n % 3]
     from accounts, generate_series(1, 60) as n where username = 'mirela'`,
  )
  await visit(tour, '/account/data', 'data-log')
  await visit(tour, '/account/data/delete', 'delete')
  await refused(tour, '[name=username]', 'delete-errors')

  await visit(tour, '/account/second-step', 'second-step')
  await page.locator('main form button[type=submit]').click()
  await page.locator('.select-all').waitFor()
  await stop('second-step-begun')
  const secret = ((await page.locator('.select-all').textContent()) ?? '').replace(/\s/g, '')
  await page.locator('[name=code]').fill(codeAt(secret, new Date()))
  await submit(page, '[name=code]')
  await page.locator('main li').first().waitFor()
  await stop('second-step-codes')
  await page.locator('main form button[type=submit]').click()
  await page.locator('button[value=off]').waitFor()
  await stop('second-step-on')
  await page.locator('button[value=off]').click()
  await page.locator('main [role=alert]').waitFor()
  await stop('second-step-errors')
  await rows(
    portal.databaseUrl,
    `insert into passkeys (id, account_id, public_key, counter, transports, name, created_at, last_used_at)
     select 'tour-' || n, id, 'x', 0, '{}', (array['Telefoni im', 'Kompjuteri i zyrës me çelësin e kuq të sigurisë te kasaforta'])[n],
       now(), case n when 1 then now() end from accounts, generate_series(1, 2) as n where username = 'mirela'`,
  )
  await visit(tour, '/account/second-step', 'second-step-passkeys')
  await visit(tour, '/account/second-step/passkey', 'passkey')
  await page.goto(`/language/${language}`)
}

/** What she was told, how she wants to be told, and a link that stops it. */
async function notices(tour: Tour): Promise<void> {
  const { page, portal, stop } = tour
  await visit(tour, '/inbox', 'inbox')
  await page.locator('button[value=archive]').click()
  await page.locator('main [role=alert]').waitFor()
  await stop('inbox-errors')
  await page.locator('#notices').check()
  await page.locator('button[value=archive]').click()
  await page.waitForURL(/done=archive/)
  await visit(tour, '/inbox?show=archive', 'inbox-archive')
  await visit(tour, '/account/notices', 'notice-choices')
  await page.locator('[name=statementDay]').selectOption('25')
  await page.locator('button[value=save]').click()
  await page.waitForURL(/done/)
  await visit(tour, `/account/notices?contract=oshee+TR0.A0000000000004`, 'notice-choices-contract')
  await rows(
    portal.databaseUrl,
    `update accounts set email_undeliverable_at = now(), phone_undeliverable_at = now() where username = 'mirela'`,
  )
  await visit(tour, '/account/contact', 'contact-undeliverable')
  await rows(
    portal.databaseUrl,
    `update accounts set email_undeliverable_at = null, phone_undeliverable_at = null where username = 'mirela'`,
  )
}

/** What a dispute and a business have left to decide. */
export async function staff(tour: Tour): Promise<void> {
  const { page, stop, language } = tour
  for (const username of ['operator', 'supervisor']) {
    await leave(tour)
    await signInStaff(page, username)
    await page.goto(`/language/${language}?to=/staff`)
    await stop(`staff-${username}`)
    await visit(tour, '/staff/registrations', `staff-registrations-${username}`)
    await visit(tour, '/staff/registrations?kind=dispute&state=pending', `staff-filtered-${username}`)
    await visit(tour, '/staff/registrations?show=decided&biller=ukt', `staff-nothing-${username}`)
    await visit(tour, '/staff/requests', `staff-requests-${username}`)
    await visit(tour, '/staff/requests?search=F1000000001', `staff-requests-found-${username}`)
    const [late] = await rows<{ id: string }>(
      tour.portal.databaseUrl,
      `select id from cases where queue = 'requests' and kind = 'C2'`,
    )
    await visit(tour, `/staff/requests/${late!.id}`, `staff-request-${username}`)
    await certificates(tour, username)
    await visit(tour, '/staff/customers', `staff-find-${username}`)
    if (username === 'operator') await looking(tour)
    await visit(tour, '/staff/statistics?days=365', `staff-statistics-${username}`)
    await visit(tour, '/staff/days-off?country=AL&year=2027', `staff-days-off-${username}`)
    if (username === 'supervisor') {
      await page.locator('[name=on]').fill('30.11.2027')
      await page.locator('[name=on]').press('Enter')
      await page.locator('main [role=alert]').waitFor()
      await stop('staff-days-off-errors')
    }
    await visit(tour, '/staff/tariffs', `staff-tariffs-${username}`)
    await payments(tour, username)
    await visit(tour, '/staff/feeds', `staff-feeds-${username}`)
    await visit(tour, '/staff/feeds/1', `staff-feed-${username}`)
    await visit(tour, '/staff/counter/unlock', `staff-unlock-${username}`)
    if (username === 'operator') await counter(tour)
    else {
      await audit(tour)
      await visit(tour, '/staff/health', 'staff-health-supervisor')
    }
    await page.goto('/staff/registrations')
    const links = await page.locator('main table a').all()
    const hrefs = await Promise.all(links.map(link => link.getAttribute('href')))
    // The dispute was filed first.
    for (const [index, kind] of (['dispute', 'business'] as const).entries()) {
      await visit(tour, hrefs[index]!, `staff-${kind}-${username}`)
      if (username === 'supervisor') {
        await page.locator('button[value=reject]').click()
        await page.locator('main [role=alert]').waitFor()
        await stop(`staff-${kind}-errors`)
      }
    }
  }
  await administrating(tour)
}

/** What staff have to look at of payments: as a list, one with a refund that waits, a difference, files of banks. */
async function payments(tour: Tour, username: string): Promise<void> {
  await visit(tour, '/staff/payments', `staff-payments-${username}`)
  await visit(tour, '/staff/payments?show=today&page=9', `staff-payments-none-${username}`)
  const { databaseUrl } = tour.portal
  const [refund] = await rows<{ id: string }>(
    databaseUrl,
    `select p.attempt_id as id from refunds r join payments p on p.id = r.payment_id where r.state = 'requested' limit 1`,
  )
  await visit(tour, `/staff/payments/${refund!.id}`, `staff-payment-${username}`)
  const [over] = await rows<{ id: string }>(
    databaseUrl,
    `select attempt_id as id from payments where attempt_id is not null and allocated + refunded < amount limit 1`,
  )
  await visit(tour, `/staff/payments/${over!.id}`, `staff-payment-over-${username}`)
  await refused(tour, '[name=amount]', `staff-payment-errors-${username}`)
  const [difference] = await rows<{ id: string }>(
    databaseUrl,
    `select id from payment_exceptions where attempt_id is null limit 1`,
  )
  await visit(tour, `/staff/payments/differences/${difference!.id}`, `staff-difference-${username}`)
  await visit(tour, '/staff/payments/settlements?file=1', `staff-settlements-${username}`)
}

/** What administrators alone see. */
async function administrating(tour: Tour): Promise<void> {
  await leave(tour)
  await signInStaff(tour.page, 'admin')
  await tour.page.goto(`/language/${tour.language}?to=/staff`)
  await visit(tour, '/staff/jobs', 'staff-jobs-none')
  await rows(
    tour.portal.databaseUrl,
    `with added as (select graphile_worker.add_job('nobody-does', run_at := now() + interval '1 day', max_attempts := 1)
       from generate_series(1, 25))
     select count(*) from added`,
  )
  await rows(
    tour.portal.databaseUrl,
    `update graphile_worker._private_jobs set attempts = 1, last_error = E'Error\nECONNREFUSED\nconnect ECONNREFUSED 192.0.2.1:465'
     where max_attempts = 1`,
  )
  await visit(tour, '/staff/jobs', 'staff-jobs')
  await visit(tour, '/staff/health', 'staff-health')
  await visit(tour, '/staff/maintenance', 'staff-maintenance')
  await refused(tour, '[name=untilTime]', 'staff-maintenance-errors')
  await tour.page.locator('[name=begins]').selectOption('now')
  await tour.page
    .locator('[name=untilDay]')
    .fill(new Date(Date.now() + 86_400_000).toISOString().slice(0, 10))
  await tour.page.locator('[name=untilTime]').fill('22')
  await tour.page.locator('[name=sure]').check()
  await submit(tour.page, '[name=untilTime]')
  await tour.page.waitForURL(/done=set/)
  await tour.stop('staff-maintenance-on')
  await tour.page.locator('[name=isOver]').check()
  await submit(tour.page, '[name=isOver]')
  await tour.page.waitForURL(/done=ended/)
  await visit(tour, '/staff/tariffs?biller=kesco&group=4/02', 'staff-tariffs-kesco')
  const dearer = {
    ...{ biller: 'kesco', group: '4/02', from: '2026-11-01', high: '0.1098', low: '0.0471' },
    ...{ blockKind: 'above', blockLimit: '800', blockHigh: '0.1872', blockLow: '0.0883' },
  }
  const rest = { fixedFee: '2.81', tvTax: '0', vatPercent: '8', source: 'ERO V_1/2026' }
  const { page, stop } = tour
  await page.goto(tariffsPath({ ...dearer, ...rest }))
  await submit(page, '[name=high]')
  await page.waitForURL(/step=preview/)
  await stop('staff-tariffs-preview')
}

/** One that differs from the record, and one that was issued, which a supervisor may withdraw. */
async function certificates(tour: Tour, username: string): Promise<void> {
  await visit(tour, '/staff/certificates', `staff-certificates-${username}`)
  const all = await rows<{ id: string; state: string }>(
    tour.portal.databaseUrl,
    `select id, state from cases where queue = 'certificates'
     and account_id = (select id from accounts where username = 'teuta') order by created_at`,
  )
  const pathOf = (state: string) => `/staff/certificates/${all.find(one => one.state === state)!.id}`
  await visit(tour, pathOf('pending'), `staff-certificate-differs-${username}`)
  await visit(tour, pathOf('waiting'), `staff-certificate-asked-${username}`)
  await visit(tour, pathOf('accepted'), `staff-certificate-issued-${username}`)
}

/** What is done for somebody at the counter, filled in wrong. */
async function counter(tour: Tour): Promise<void> {
  await visit(tour, '/staff/counter', 'staff-counter')
  await refused(tour, '[name=seenInPerson]', 'staff-counter-errors')
  await visit(tour, '/staff/counter/withdraw', 'staff-withdraw')
  await refused(tour, '[name=note]', 'staff-withdraw-errors')
}

/** The audit log: what colleagues did, narrowed, and a search that names nothing. */
async function audit(tour: Tour): Promise<void> {
  await visit(tour, '/staff/audit', 'staff-audit')
  await refused(tour, '[name=caseNumber]', 'staff-audit-errors')
  await visit(tour, '/staff/audit?group=looks', 'staff-audit-looks')
}

/** From an identifier to what is masked, and what was said. */
async function looking(tour: Tour): Promise<void> {
  const { page, stop } = tour
  await refused(tour, '[name=identifier]', 'staff-find-errors')
  await page.locator('[name=biller]').selectOption('oshee')
  await page.locator('[name=identifier]').fill('TR0.A0000000000004')
  await page.locator('[name=reason]').selectOption('phone')
  await submit(page, '[name=identifier]')
  await page.waitForURL(/\/staff\/contracts\//)
  await stop('staff-contract')
  await page.locator('section:has(#contract) button').click()
  await page.locator('section:has(#contract) .note').waitFor()
  await stop('staff-contract-unmasked')
  await page.locator('section:has(#people) button').first().click()
  await page.waitForURL(/\/staff\/customers\/[\w-]+$/)
  await stop('staff-customer')
  await visit(tour, '/staff/contracts/oshee/TR0.A0000000000004/contacts', 'staff-contacts')
  await refused(tour, '[name=note]', 'staff-contacts-errors')
  await visit(tour, '/staff/contracts/oshee/AL0000001', 'staff-contract-why')
}
