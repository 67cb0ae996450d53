// Why a bill changed, and a reading sent: from the invoice on, on a phone, with a script and without.
import { axe } from '../support/audit.ts'
import { expect, rows, signIn, test } from '../support/portal.ts'

const MIRELA = '/contracts/oshee/TR0.A0000000000004'
const PHONE = { width: 360, height: 740 }
const TITLES = {
  sq: /^Tetori kushtoi 989,40.Lekë më shumë, sepse çdo ditë shpenzuat më shumë$/,
  en: /^October cost 989\.40.lek more because you used more each day$/,
  sr: /^Oktobar je koštao 989,40.leka više, jer ste svakog dana trošili više$/,
}

test('why a bill changed is two taps from home, adds up, and leads to sending a reading', async ({
  page,
}) => {
  await page.setViewportSize(PHONE)
  await signIn(page, 'mirela')
  await page.locator('a[href*="/compare"]').click()
  await page.waitForURL(/compare\?to=/)
  for (const [language, title] of Object.entries(TITLES)) {
    await page.goto(`/language/${language}?to=${encodeURIComponent(new URL(page.url()).pathname)}`)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
    expect(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)).toBe(false)
  }
  await page.goto(`/language/en?to=${encodeURIComponent(new URL(page.url()).pathname)}`)
  const amounts = await page.locator('section[aria-labelledby=parts] td.amount').allTextContents()
  const minor = amounts.map(text => Number(text.replace('−', '-').replace(/[^\d-]/g, '')))
  expect(minor.slice(0, -1).reduce((sum, one) => sum + one, 0)).toBe(98_940)
  expect(minor.at(-1)).toBe(98_940)
  await axe(page)
  // Any other two.
  await page.locator('select[name=to]').selectOption({ index: 12 })
  await page.locator('form:has(select[name=to]) button').click()
  await page.waitForURL(/compare\?to=\d+$/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^October 2026 cost .*(more|less)/)
  await page.locator(`a[href="${MIRELA}/readings"]`).click()
  await page.locator('[name=currentReading]').fill('1')
  await page.locator('form:has([name=currentReading]) button[type=submit]').click()
  await expect(page.locator('main [role=alert]')).toContainText('less than the meter showed before')
  await axe(page)
})

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false })
  test('a reading is sent, asked about where it is unusual, and withdrawn, which may be too late', async ({
    page,
    portal,
  }) => {
    await signIn(page, 'mirela')
    await page.goto(`/language/en?to=${MIRELA}/readings`)
    await page.locator('[name=currentReading]').fill('99000')
    const send = page.locator('form:has([name=currentReading]) button[type=submit]')
    await send.click()
    await expect(page.locator('main [role=alert]')).toContainText('more than three times')
    await page.locator('[name=confirmReading]').check()
    await send.click()
    await expect(page).toHaveURL(/readings\?sent$/)
    const sent = page.locator('section[aria-labelledby=sent]')
    await expect(sent).toContainText(/99,000.kWh.*sent/)
    await sent.locator('button').click()
    await expect(page).toHaveURL(/readings\?withdrawn$/)
    await expect(sent).toContainText('withdrawn')
    await page.locator('[name=currentReading]').fill('99000')
    await send.click()
    await page.locator('[name=confirmReading]').check()
    await send.click()
    await expect(page).toHaveURL(/readings\?sent$/)
    await rows(
      portal.databaseUrl,
      'update customer_readings set handed_over_at = now() where withdrawn_at is null returning id',
    )
    await sent.locator('button').click()
    await expect(page).toHaveURL(/readings\?tooLate$/)
    await expect(page.getByRole('status')).toContainText('The company has this reading already')
  })
})
