// At the counter, in the browser: a customer is recognised by one of the staff, who asks to take it back; another one agrees; the
// customer is told and finds it in their own log, a supervisor in the audit log.
import { readFileSync } from 'node:fs'
import { Customer } from '../support/customer.ts'
import { PASSWORD } from '../support/form-people.ts'
import { customerOf } from '../support/forms-staff.ts'
import { expect, rows, signInStaff, test } from '../support/portal.ts'

test('a holder is recognised by one and withdrawn by two, and the audit log tells who @once @deep', async ({
  page,
  portal,
}) => {
  const { one, code } = await customerOf(portal)
  const contract = async () => {
    await page.locator('[name=identifier]').fill(one.phone)
    await page.locator('[name=biller]').selectOption('kesco')
    await page.locator('[name=contractCode]').fill(code.toLowerCase())
  }
  await signInStaff(page, 'operator')
  await page.goto('/staff/counter')
  // The whole number of a document is refused, and what else was typed stays.
  await contract()
  await page.locator('[name=identityDocument]').selectOption('passport')
  await page.locator('[name=documentEnding]').fill('P0048219')
  await page.locator('[name=seenInPerson]').check()
  await page.locator('main form button').click()
  await expect(page.locator('#documentEnding-error')).toContainText('katër')
  await expect(page.locator('[name=identifier]')).toHaveValue(one.phone)
  await page.locator('[name=documentEnding]').fill('8219')
  await page.locator('main form button').click()
  // Says of whom and of what, which stands in no address.
  for (const fact of [one.phone, 'titullari', code, 'KESCO'])
    await expect(page.locator('main [role=status]')).toContainText(fact)
  expect(decodeURIComponent(page.url())).not.toContain(one.phone)

  await page.goto('/staff/counter/withdraw')
  await contract()
  await page.locator('[name=note]').fill('Ishte vëllai i tij.')
  await page.locator('main form button').click()
  await expect(page).toHaveURL(/\/staff\/registrations\/[0-9a-f-]{36}/)
  const asked = new URL(page.url()).pathname
  await expect(page.locator('main [role=status]')).toContainText('mbikëqyrës tjetër')
  // An agent decides nothing here, and is offered no page that is not theirs.
  await expect(page.locator('button[value=accept]')).toHaveCount(0)
  await expect(page.locator('header a[href="/staff/audit"]')).toHaveCount(0)
  expect((await page.goto('/staff/audit'))?.status()).toBe(404)

  await page.context().clearCookies()
  await signInStaff(page, 'supervisor')
  await page.goto(asked)
  await expect(page.locator('main')).toContainText('Ishte vëllai i tij.')
  // Nothing to compare: who recognised, by which document, and what agreeing does.
  await expect(page.locator('main table')).toHaveCount(0)
  await expect(page.locator('main')).toContainText(/na šalteru, .*, pasoš, službenik /)
  await expect(page.locator('main')).toContainText('Nalog više nije nosilac')
  await page.locator('button[value=accept]').click()
  await expect(page).toHaveURL(/done=withdrawal-accepted/)

  await page.goto('/staff/audit')
  await page.locator('[name=identifier]').fill(one.username)
  await page.locator('main form:has([name=caseNumber]) button').click()
  await expect(page).toHaveURL(/\/staff\/audit\?account=[0-9a-f-]{36}$/)
  await expect(page.locator('main table')).toContainText('Predmet prihvaćen ili rešen')
  const saved = page.waitForEvent('download')
  await page.locator('a[href^="/staff/audit.csv"]').click()
  const file = readFileSync((await (await saved).path())!, 'utf8')
  // As on the page: in words, at the time of whoever reads it.
  const [accepted] = await rows<{ at: string }>(
    portal.databaseUrl,
    `select to_char(at at time zone 'Europe/Belgrade', 'YYYY-MM-DD HH24:MI:SS') as at
      from audit_events where action = 'case.accepted' and subject = 'account:' || $1`,
    [one.id],
  )
  expect(file).toMatch(/^\ufeff?Br\. radnje,Kada,/)
  expect(file).toMatch(new RegExp(`^\\d+,${accepted!.at},.*Predmet prihvaćen ili rešen`, 'm'))
  expect(file).not.toMatch(/case\.accepted|account\.viewed/)
  expect(file).not.toMatch(/^"?[=+\-@]/m)

  const sent = await rows<{ kind: string }>(
    portal.databaseUrl,
    'select distinct kind from messages where account_id = $1 order by kind',
    [one.id],
  )
  expect(sent.map(({ kind }) => kind)).toEqual(['holder-recognised', 'holder-withdrawn'])
  const customer = new Customer(portal.url)
  await customer.signIn(one.username, PASSWORD)
  const { html } = await customer.get('/account/data')
  expect(html).toContain('Recognised at the counter who the holder')
  expect(html).toContain('Looked your account up at the counter')
  expect(html).toContain('Looked at the record of what was done with your data')
  expect(html).not.toContain('Vjosa')
})
