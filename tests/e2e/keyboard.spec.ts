// The main job without a mouse, from the front door to the receipt, as docs/keyboard-walk.md tells it.
import fs from 'node:fs'
import path from 'node:path'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { Keyboard, type Said } from '../support/keyboard.ts'
import { blerta, expect, latestCode, test } from '../support/portal.ts'

const sq = catalogue('sq')
/** Of its own fields, else of all forms’. */
const labelOf = (name: string) => {
  const labels = (fields: object) => (fields as Record<string, { label?: string }>)[name]?.label
  return labels(sq.register.fields) ?? labels(sq.fields)
}

const walk = fs.readFileSync(path.join(import.meta.dirname, '../../docs/keyboard-walk.md'), 'utf8')
const { register, verify, pay, shell, errors, welcome, sandboxBank } = sq

test('the main job is done with the keyboard alone', async ({ page }) => {
  const keyboard = await Keyboard.of(page)
  /** What a reader hears here stands in the walk. */
  const told = async (said?: Said) => {
    const { role, name, description } = said ?? (await keyboard.focused())
    for (const words of [name, description]) {
      // Amounts hold a space that does not break; the walk is typed with plain ones.
      expect(walk, `${role} on ${page.url()}`).toContain(words.replaceAll('\u00a0', ' '))
    }
  }
  const go = async (role: string, name: string | RegExp, key = 'Enter') => {
    const stops = await keyboard.tabTo(role, name)
    await told(stops.at(-1))
    await keyboard.press(key)
    return stops
  }

  await page.goto('/')
  const [skip] = await go('link', shell.skip)
  expect(skip!.name).toBe(shell.skip)
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
  await go('link', welcome.register)

  // Sent empty: the focus is on what is wrong, and each entry leads to its field.
  await page.waitForURL(/\/register$/)
  await keyboard.tabTo('button', register.submit)
  await keyboard.press('Enter')
  await expect(page.locator('main [role=alert]')).toBeFocused()
  expect(await keyboard.focused()).toMatchObject({ role: 'alert', name: errors.title })
  await go('link', new RegExp(`^${labelOf('biller')}: `))
  await expect(page.locator('[name=biller]')).toBeFocused()
  expect((await keyboard.focused()).state).toContain('invalid true')
  await told()
  await keyboard.type('KESCO')
  for (const name of [
    'contractCode',
    'firstName',
    'lastName',
    'personalNumber',
    'username',
    'email',
    'phone',
    'password',
    'passwordConfirm',
  ] as const) {
    await keyboard.press('Tab')
    const said = await keyboard.focused()
    expect(said.name).toBe(labelOf(name))
    await told(said)
    await keyboard.type(name === 'passwordConfirm' ? blerta.password : blerta[name])
  }
  // Passwords are shown and hidden again, and nothing is sent.
  for (const pressed of ['true', 'false']) {
    if (pressed === 'true') await go('button', sq.form.reveal)
    else await keyboard.press('Enter')
    await expect(page.getByRole('button', { name: sq.form.reveal })).toHaveAttribute('aria-pressed', pressed)
  }
  await go('checkbox', /^Pranoj/, 'Space')
  await go('button', register.submit)

  await page.waitForURL(/\/register\/verify$/)
  await keyboard.tabTo('textbox', verify.fields.code.label)
  await keyboard.type('12')
  await keyboard.press('Enter')
  await expect(page.locator('main [role=alert]')).toBeFocused()
  await told()
  await keyboard.tabTo('textbox', verify.fields.code.label)
  await told()
  await keyboard.press('Control+A')
  await keyboard.type(await latestCode(page, blerta.phone))
  await keyboard.press('Enter')

  await page.waitForURL(/\/contracts/)
  await go('link', /^Paguaj 54,09/)
  await page.waitForURL(/\/pay$/)
  const total = page.locator('output[name=total]')
  await go('checkbox', /^Prill 2023 afati 31 maj 2023 54,09\s€$/, 'Space')
  await expect(total).toHaveText(/^0,00/)
  await keyboard.tabTo('button', pay.payButton)
  await keyboard.press('Enter')
  await expect(page.locator('main [role=alert]')).toBeFocused()
  await told()
  await go('link', pay.errors.nothingChosen)
  await expect(page.locator('[name=invoices]')).toBeFocused()
  await keyboard.press('Space')
  await expect(total).toHaveText(/^54,09/)
  // Back and forth again: nothing holds the focus.
  await keyboard.tabTo('link', /.*/, 'Shift+Tab')
  await go('button', pay.payButton)

  await page.waitForURL(/\/sandbox-bank\//)
  await keyboard.tabTo('textbox', sandboxBank.cardNumber)
  await told()
  await keyboard.type('4000000000000002')
  await go('button', sandboxBank.pay)

  await page.waitForURL(/\/payments\//)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Paguat 54,09/)
  await go('link', sq.payment.receipt)
  await page.waitForURL(/\/receipt$/)
  await go('link', sq.receipt.pdf, 'Shift')
})
