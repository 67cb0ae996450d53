// No power? What anybody finds by place and by code, and what customers learn of their own contracts.
import type { Page } from 'playwright/test'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { locales } from '../../lib/i18n/locale.ts'
import { axe } from '../support/audit.ts'
import { expect, rows, signIn, test } from '../support/portal.ts'
import type { Portal } from '../support/portal-process.ts'

const sq = catalogue('sq')
const MIRELA = '/contracts/oshee/TR0.A0000000000004'

/**
 * A fault where mirela's contract is, one elsewhere, and a disconnection of hers for a debt of which 100 Lekë are left, whatever other
 * tests have paid of late; `set` is of its row.
 */
async function begin({ databaseUrl }: Portal, set = '') {
  await end({ databaseUrl } as Portal)
  await rows(
    databaseUrl,
    `insert into outages (biller_id, reference, kind, region, place, starts_at, ends_at, text_sq, text_en) values
       (1, 'T-1', 'fault', 'Tirana', 'Kashar, zona industriale', now() - interval '1 hour', now() + interval '2 hours', 'këputje kablli', null),
       (2, 'T-2', 'planned', 'Pejë', 'Rruga e Bjeshkëve', now() + interval '2 days', now() + interval '50 hours', null, 'maintenance')`,
  )
  // What completes the sum is then this file's own payment.
  await rows(
    databaseUrl,
    `update payments set received_at = now() - interval '3 days', transaction_at = null where paid_on >= current_date - 3 and contract_id = (
       select id from contracts where code = 'TR0.A0000000000004')`,
  )
  await rows(
    databaseUrl,
    `insert into disconnections (biller_id, contract_id, reference, announced_on, not_before, reason, amount)
     select biller_id, id, 'T-1', current_date - 3, current_date + 4, 'debt', 10000 + coalesce((select sum(p.amount) from payments p
       where p.contract_id = contracts.id and p.paid_on >= current_date - 3 and p.reversed_on is null), 0)
     from contracts where code = 'TR0.A0000000000004'`,
  )
  if (set) await rows(databaseUrl, `update disconnections set ${set}`)
}

const pay = ({ databaseUrl }: Portal, before: string) =>
  rows(
    databaseUrl,
    `insert into payments (biller_id, contract_id, reference, paid_on, amount, method, source, received_at)
     select biller_id, id, 'T-POWER', current_date, 10000, 'CASH', 'Posta', now() - $1::interval from contracts
     where code = 'TR0.A0000000000004'`,
    [before],
  )

/** Nothing is left for the tests after. */
async function end({ databaseUrl }: Portal) {
  for (const what of [
    'notices where exists (select from notice_items i where i.notice_id = notices.id and coalesce(i.outage_id, i.disconnection_id) is not null)',
    'outages',
    'disconnections',
    `payments where reference = 'T-POWER'`,
  ])
    await rows(databaseUrl, `delete from ${what}`)
}

test.afterEach(({ portal }) => end(portal))

const list = (page: Page) => page.locator('section[aria-labelledby=outages]')
const sky = (page: Page) => page.locator('.sky')

test('anybody finds what is known of a place, in any spelling, and of the area of a contract', async ({
  page,
  portal,
}) => {
  await begin(portal)
  await page.goto('/')
  await page.locator('main a[href="/no-power"]').click()
  await expect(page.locator('h1')).toHaveText(sq.noPower.title)
  await expect(list(page).getByRole('listitem')).toHaveText([
    /Kashar.*po riparohet/s,
    /Bjeshkëve.*planifikuar/s,
  ])
  await page.locator('[name=place]').fill('ПЕЈА bjeshkeve')
  await page.locator('form:has([name=place]) button').click()
  await expect(page).toHaveURL(/\/no-power\?place=/)
  await expect(list(page).getByRole('listitem')).toHaveText([/Bjeshkëve/])
  await expect(page.locator('[name=place]')).toHaveValue('ПЕЈА bjeshkeve')
  await page.locator('[name=biller]').selectOption('oshee')
  await page.locator('[name=contractCode]').fill('al 0000001')
  await page.locator('form:has([name=contractCode]) button').click()
  await expect(list(page).getByRole('listitem')).toHaveText([/Kashar/])
  await page.locator('[name=contractCode]').fill('al 1')
  await page.locator('form:has([name=contractCode]) button').click()
  await expect(page.locator('main [role=alert]')).toContainText('Ky nuk është kod klienti i OSHEE-së.')
  await expect(page.locator('main')).not.toContainText('{biller')
  await expect(page.locator('[name=contractCode]')).toHaveValue('al 1')
  await expect(page.locator('[name=contractCode]')).toHaveAttribute('aria-invalid', 'true')
})

test('a code that nobody has and one that is to be disconnected look the same, and are not asked for long @once', async ({
  page,
  portal,
}) => {
  await begin(portal)
  await rows(portal.databaseUrl, `delete from outages where biller_id = 1`)
  const seen = async (code: string) => {
    const answer = await page.request.get(`/no-power?biller=oshee&contractCode=${code}`)
    const main = /<main[\s\S]*<\/main>/.exec(await answer.text())![0]
    return { status: answer.status(), main: main.replaceAll(code, 'CODE').replace(/nonce="[^"]*"/g, '') }
  }
  const unknown = await seen('AL9999999')
  expect(unknown.status).toBe(200)
  expect(unknown.main).toContain(sq.noPower.search.nothing)
  expect(await seen('TR0.A0000000000004')).toEqual(unknown)
  await rows(portal.databaseUrl, `update rate_limits set points = 1000 where key like 'outages-contract:%'`)
  const refused = await page.goto('/no-power?biller=oshee&contractCode=AL9999999')
  expect([refused!.status(), refused!.headers()['retry-after']]).toEqual([
    429,
    expect.stringMatching(/^\d+$/),
  ])
  await expect(list(page)).toContainText('Ka pasur shumë përpjekje')
  await expect(list(page)).not.toContainText('Bjeshkëve')
})

test('whoever is to be disconnected sees on home what to pay until when, pays, and is averted', async ({
  page,
  portal,
}) => {
  await begin(portal)
  await signIn(page, 'mirela')
  await expect(sky(page).locator('.note.bad')).toContainText(/ndërprerja është lajmëruar.*100,00\sLekë/)
  await expect(sky(page).locator('.note.wait').filter({ hasText: 'Defekt' })).toBeVisible()
  await sky(page).locator('.note.bad a[href="/no-power"]').click()
  await expect(sky(page).locator('.sum')).toHaveText(/100,00/)
  await expect(sky(page)).toContainText(/Paguani deri më \d/)
  await expect(sky(page).locator(`a.btn[href="${MIRELA}/pay?late"]`)).toBeVisible()
  await sky(page).locator('a[href$="kind=P5"]').click()
  await expect(page.locator('[name=kind]')).toHaveValue('P5')
  await pay(portal, '1 hour')
  await page.goto('/no-power')
  await expect(sky(page)).toHaveCount(0)
  await expect(page.locator('section[aria-labelledby=own]')).toContainText(sq.supply.states.averted)
  await page.locator('section[aria-labelledby=report] a.btn').click()
  await expect(page.locator('[name=kind]')).toHaveValue('C1')
  await expect(page.locator('[name=note]')).toHaveValue(/^Furnizimi mungon që nga /)
  await page.goto('/contracts')
  await expect(sky(page).locator('.note.bad')).toHaveCount(0)
})

test('whoever was disconnected and has paid sees when the supply has to be back, and complains once it is late @deep', async ({
  page,
  portal,
}) => {
  await begin(portal, `done_at = now() - interval '40 hours'`)
  await signIn(page, 'mirela')
  await page.goto('/no-power')
  await expect(sky(page).locator('.sum')).toHaveText(/100,00/)
  await pay(portal, '5 hours 10 minutes')
  await page.reload()
  await expect(sky(page)).toContainText('kanë kaluar 5 nga 24 orë')
  await rows(
    portal.databaseUrl,
    `update payments set received_at = now() - interval '25 hours' where reference = 'T-POWER'`,
  )
  await page.goto('/contracts')
  await sky(page).locator('.note.bad a[href="/no-power"]').click()
  await expect(sky(page)).toContainText('1 orë vonesë')
  await sky(page).locator('a.btn').click()
  await expect(page.locator('[name=kind]')).toHaveValue('C3')
})

test('it is readable for everybody, in every language @once', async ({ page, portal }) => {
  await begin(portal, `not_before = current_date, announced_on = current_date - 1`)
  for (const locale of locales) {
    await page.goto(`/language/${locale}?to=/no-power`)
    await expect(page.locator('h1')).toHaveText(catalogue(locale).noPower.title)
    if (process.env.DEEP || locale === 'sq') await axe(page)
  }
  await page.goto('/language/sq')
  await signIn(page, 'mirela')
  for (const locale of locales) {
    await page.goto(`/language/${locale}?to=/no-power`)
    await expect(sky(page)).toContainText(catalogue(locale).noPower.payToday)
    if (process.env.DEEP || locale === 'sq') await axe(page)
  }
})
