// A request from staff's side: found, taken, asked about, answered, by two agents at once and by one whom it is not for.
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright/test'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { addCase } from '../support/cases.ts'
import { pdf, program } from '../support/files.ts'
import { Keyboard } from '../support/keyboard.ts'
import { expect, rows, signIn, signInStaff, test } from '../support/portal.ts'
import type { Portal } from '../support/portal-process.ts'

const { cases } = catalogue('sq')
let serial = 500_000_000 + (Date.now() % 100_000_000)

/** A request of mirela's; its number and its page. */
async function fileRequest({ databaseUrl }: Portal, title = 'Mirela Shehu') {
  const [of] = await rows<{ biller_id: number; contract_id: number; account_id: string; about: string }>(
    databaseUrl,
    `select c.biller_id, c.id as contract_id, a.id as account_id, c.code as about
     from contracts c join contract_access x on x.contract_id = c.id join accounts a on a.id = x.account_id
     where c.code = 'TR0.A0000000000004' and a.username = 'mirela'`,
  )
  const number = `F4${++serial}`
  const due = new Date(Date.now() + 5 * 86_400_000)
  const id = await addCase((text, values) => rows(databaseUrl, text, values), {
    ...of!,
    ...{ kind: 'F4', queue: 'requests', number, title },
    ...{ limit_count: 15, limit_unit: 'calendarDays', due_at: due, state_at: new Date() },
    answers: { note: 'Matësi tregon më pak.', meterNumber: '30418827', currentReading: '18102' },
  })
  return { id, number, path: `/staff/requests/${id}` }
}

/** The customer answers, as lib/cases writes it. */
const answerAsCustomer = ({ databaseUrl }: Portal, id: string) =>
  rows(
    databaseUrl,
    `with made as (insert into case_events (case_id, number, was, move, state, side, made_by, note, at)
       select id, events + 1, 'waiting', 'answer', 'pending', 'owner', account_id, 'Ja fotoja.', now() from cases where id = $1)
     update cases set state = 'pending', state_at = now(), events = events + 1 where id = $1`,
    [id],
  )

const press = (page: Page, move: string) => page.locator(`button[value=${move}]`).click()
const note = (page: Page) => page.locator('textarea[name=note]')
const documents = (page: Page) => page.locator('input[name=documents]')
const paper = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/pdf', buffer })

test('an agent finds a request, takes it, asks, gets the answer and resolves it', async ({
  page,
  portal,
}) => {
  const { id, number, path } = await fileRequest(portal, '=1+1')
  await signInStaff(page, 'operator')
  await page.goto('/staff/requests?kind=F4')
  // A spreadsheet runs nothing of the file.
  const file = await page.getByRole('link', { name: 'Tabelë (CSV)' }).getAttribute('href')
  const answer = await page.request.get(file!)
  expect(answer.headers()['content-disposition']).toMatch(/^attachment; filename="requests-[\d-]+\.csv"$/)
  const line = (await answer.text()).split('\r\n').find(one => one.startsWith(number))
  expect(line).toContain(",OSHEE,'=1+1,")
  await page.locator('[name=search]').fill(number.toLowerCase())
  await page.getByRole('button', { name: 'Kërko' }).click()
  const found = page.locator('main tbody tr')
  await expect(found).toHaveCount(1)
  await found.getByRole('link').click()
  await expect(page).toHaveURL(new RegExp(`${path}$`))

  // What is written stays when something else is pressed.
  await note(page).fill('Përgjigjja e nisur')
  await press(page, 'take')
  await expect(page.locator('main [role=status]')).toContainText('Kërkesën e keni ju')
  await expect(note(page)).toHaveValue('Përgjigjja e nisur')
  expect(
    await rows(portal.databaseUrl, 'select note from case_events where case_id = $1 and note is not null', [
      id,
    ]),
  ).toEqual([])

  // A ready-made text goes below it, and does not leave with a place left open.
  await page.locator('[name=template]').selectOption('visit')
  await page.getByRole('button', { name: 'Vendose te teksti' }).click()
  await expect(note(page)).toHaveValue(/^Përgjigjja e nisur\n\nTekniku ynë .*\[data\]/)
  await press(page, 'reply')
  await expect(page.locator('#note-error')).toContainText('kllapa')
  await note(page).fill('Dërgoni një foto.')
  await documents(page).setInputFiles([paper('udhezim.pdf', pdf), paper('program.pdf', program)])
  await press(page, 'ask')
  await expect(page.locator('#documents-error')).toContainText('„program.pdf” nuk është PDF')
  await expect(note(page)).toHaveValue('Dërgoni një foto.')
  await expect(page.getByRole('checkbox', { name: 'udhezim.pdf' })).toBeChecked()
  await note(page).fill('Dërgoni një foto të matësit.')
  await press(page, 'ask')
  await expect(page.locator('main [role=status]')).toContainText('afati qëndron')
  await expect(note(page)).toHaveValue('')
  await expect(page.locator('main')).toContainText('i ndalur')

  await answerAsCustomer(portal, id)
  await page.goto('/staff/requests?mine=yes')
  const mine = page.locator('main tbody tr').filter({ has: page.locator(`a[href="${path}"]`) })
  await expect(mine).toContainText('klienti u përgjigj')
  await page.goto(path)
  await expect(page.locator('.timeline')).toContainText('Ja fotoja.')
  await note(page).fill('Vetëm për ne.')
  await documents(page).setInputFiles(paper('brenda.pdf', pdf))
  await press(page, 'note')
  await expect(page.locator('.timeline li').first()).toContainText('vetëm stafi')
  // Each document beside the step that it came with.
  const step = (text: string) => page.locator('.timeline li').filter({ hasText: text })
  const inside = await step('Vetëm për ne.').getByRole('link', { name: 'brenda.pdf' }).getAttribute('href')
  const outside = await step('Dërgoni një foto të matësit.')
    .getByRole('link', { name: 'udhezim.pdf' })
    .getAttribute('href')
  await note(page).fill('U korrigjua.')
  await press(page, 'accept')
  await expect(page).toHaveURL(/\/staff\/requests\?done=/)
  await expect(page.locator('main [role=status]')).toContainText('zgjidh')

  // The customer has what was sent to them; what staff wrote for staff is not even named.
  await page.context().clearCookies()
  await signIn(page, 'mirela')
  await page.goto(`/contracts/oshee/TR0.A0000000000004/requests/${number}`)
  await expect(page.locator('.timeline li').filter({ hasText: 'udhezim.pdf' })).toContainText(
    'Dërgoni një foto të matësit.',
  )
  expect(await page.content()).not.toContain('brenda.pdf')
  await expect(page.locator('section[aria-labelledby=sent]')).not.toContainText('udhezim.pdf')
  const statuses = [outside!, inside!].map(async href => (await page.request.get(href)).status())
  expect(await Promise.all(statuses)).toEqual([200, 404])
})

test('a request is found, answered and the next one opened with the keyboard alone @once', async ({
  page,
  portal,
}) => {
  const { number, path } = await fileRequest(portal)
  await signInStaff(page, 'operator')
  await page.goto('/language/sq?to=/staff/requests')
  const keyboard = await Keyboard.of(page)
  const go = async (role: string, name: string | RegExp) => {
    await keyboard.tabTo(role, name)
    await keyboard.press('Enter')
  }
  await keyboard.tabTo('textbox', cases.search.fields.search.label)
  await keyboard.type(number)
  await keyboard.press('Enter')
  await page.waitForURL(/search=/)
  await go('link', /konsum i vlerësuar/i)
  await page.waitForURL(`**${path}`)
  // Past what is compared and the conversation, and to the text again once something was put into it.
  await go('link', cases.reply.goTo)
  await expect(page.getByLabel(cases.reply.template)).toBeFocused()
  await go('button', cases.reply.insert)
  await expect(note(page)).toHaveValue(/numri i matësit/)
  await expect(note(page)).toBeFocused()
  await go('button', cases.requestMoves.accept)
  await page.waitForURL(/done=F4-accepted/)
  await go('link', /^E radhës: /)
  await page.waitForURL(/\/staff\/requests\/[\w-]{36}$/)
})

test('whoever is slower is told what happened, and keeps what was written', async ({
  browser,
  javaScriptEnabled,
  portal,
}) => {
  const { path } = await fileRequest(portal)
  const [first, second] = await Promise.all(
    ['operator', 'supervisor'].map(async username => {
      const page = await browser.newPage({ baseURL: portal.url, javaScriptEnabled })
      await signInStaff(page, username)
      await page.goto(`/language/sq?to=${path}`)
      return page
    }),
  )
  await first!.reload()
  await expect(first!.locator('main')).toContainText('e ka hapur edhe')
  await note(second!).fill('E refuzuar sepse…')
  await press(first!, 'take')
  await expect(first!.locator('main [role=status]')).toBeVisible()
  await press(second!, 'reject')
  await expect(second!.locator('main [role=alert]')).toContainText('Ndërkohë kërkesa ndryshoi')
  await expect(second!.locator('main')).toContainText('Hapi i fundit: U mor në shqyrtim')
  await expect(note(second!)).toHaveValue('E refuzuar sepse…')
  // The page is that of now: sent again it is done.
  await note(second!).fill('E refuzuar sepse leximi është i saktë.')
  await press(second!, 'reject')
  await expect(second!).toHaveURL(/\/staff\/requests\?done=/)
  await rows(portal.databaseUrl, `update accounts set language = 'sr' where username = 'supervisor'`)
  for (const page of [first!, second!]) await page.close()
})

test('the holder’s name is not in the page until it is asked for', async ({ page, portal }) => {
  const { path, id } = await fileRequest(portal)
  await rows(
    portal.databaseUrl,
    `update contracts set business_name = 'Zambaku i Bardhë' where code = 'TR0.A0000000000004'`,
  )
  await signInStaff(page, 'operator')
  expect(await (await page.request.get(path)).text()).not.toContain('Zambaku')
  await page.goto(path)
  await page.getByRole('button', { name: 'Shfaqe' }).click()
  await expect(page.locator('main')).toContainText('Zambaku i Bardhë')
  const looks = await rows<{ action: string }>(
    portal.databaseUrl,
    `select action from audit_events where action in ('case.unmasked', 'holder.viewed')
       and (subject = 'case:' || $1 or details ->> 'case' = $1) order by id`,
    [id],
  )
  expect(looks.map(({ action }) => action)).toEqual(['case.unmasked', 'holder.viewed'])
  await rows(
    portal.databaseUrl,
    `update contracts set business_name = null where code = 'TR0.A0000000000004'`,
  )
})

test('of another biller’s request there is nothing, nor of a forged one', async ({ page, portal }) => {
  const { path, number } = await fileRequest(portal)
  const oshee = `(select a.id, b.id from accounts a, billers b where a.username = 'operator' and b.code = 'oshee')`
  await rows(portal.databaseUrl, `delete from staff_billers where (account_id, biller_id) in ${oshee}`)
  await signInStaff(page, 'operator')
  for (const one of [path, `/staff/requests/${randomUUID()}`, '/staff/requests/1'])
    expect((await page.request.get(one)).status(), one).toBe(404)
  const template = await page.request.post(`${path}/template`, {
    form: { template: 'photo' },
    maxRedirects: 0,
  })
  expect(template.status()).toBe(404)
  await page.goto(`/staff/requests?search=${number}`)
  await expect(page.locator('main')).toContainText('Nuk u gjet asgjë')
  await rows(portal.databaseUrl, `insert into staff_billers (account_id, biller_id) ${oshee.slice(1, -1)}`)
})

test('a supervisor adds a day off, and who has an older page open is shown the list of now', async ({
  page,
  portal,
}) => {
  const year = 2100 - (++serial % 60)
  await signInStaff(page, 'supervisor')
  await page.goto(`/language/sq?to=/staff/days-off?country=AL%26year=${year}`)
  await expect(page.locator('main')).toContainText('nuk dihet ende asnjë ditë')
  const older = await page.context().newPage()
  await older.goto(page.url())
  const add = async (on: Page, day: string) => {
    await on.locator('[name=on]').fill(day)
    await on.locator('[name=name]').fill('Ditë zie')
    await on.locator('[name=source]').fill('VKM 700')
    await on.getByRole('button', { name: 'Shto', exact: true }).click()
  }
  await add(page, `04.05.${year}`)
  await expect(page.locator('main [role=status]')).toContainText('Dita e pushimit u shtua')
  await expect(page.locator('main')).toContainText('Ditë zie')

  await add(older, `05.05.${year}`)
  await expect(older.locator('main [role=alert]')).toContainText('ndryshoi ndërkohë')
  await expect(older.locator('[name=on]')).toHaveValue(`05.05.${year}`)
  await expect(older.locator(`time[datetime="${year}-05-04"]`)).toBeVisible()
  await add(older, `06.05.${year}`)
  await expect(older.locator('main [role=status]')).toContainText('Dita e pushimit u shtua')
  expect(
    await rows(portal.databaseUrl, 'select count(*)::int from days_off where extract(year from "on") = $1', [
      year,
    ]),
  ).toEqual([{ count: 2 }])
})
