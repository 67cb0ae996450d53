// The walk over every form, without a browser: sent empty, all wrong, twice at once, over a line that breaks, from another
// account, after signing out, in another language and by a page of before. Nothing typed is lost, nothing is done twice.
// What the one machinery of all forms does is tried with a few of them, and under DEEP with every one.
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { languageTag } from '../../lib/i18n/locale.ts'
import { Customer, type Form, formOf, type Page } from '../support/customer.ts'
import {
  codeFor,
  PASSWORD,
  person,
  type Ready,
  type Row,
  SIGN_OUT,
  signedIn,
} from '../support/form-people.ts'
import { DECLARED, FORMS } from '../support/forms.ts'
import { expect, rows, test } from '../support/portal.ts'
import type { Portal } from '../support/portal-process.ts'
import { openRelay, type Relay } from '../support/relay.ts'

const sq = catalogue('sq')
const en = catalogue('en')

const isRefused = ({ html }: Page) => /role="alert"/.test(html)
const languageOf = ({ html }: Page) => /<html lang="([\w-]+)"/.exec(html)?.[1]

/** What the page shows of what was typed, but secrets. */
function expectKept(row: Row, answer: Page, typed: Ready['right'], why: string): Form {
  const form = formOf(answer, row.field)
  for (const [name, value] of Object.entries(typed)) {
    const field = row.form.fields[name]
    if (!field || field.secret || ['button', 'hidden', 'files'].includes(field.kind) || !value) continue
    expect(form.fields[name], `${row.form.name} ${why}: ${name}`).toEqual([value].flat())
  }
  return form
}

/** Links from what is wrong to a field that nobody can see. */
function deadLinks({ html }: Page): string[] {
  const [summary = ''] = /role="alert"[\s\S]*?<\/div><\/div>/.exec(html) ?? []
  return [...summary.matchAll(/href="#([^"]+)"/g)]
    .map(([, id]) => id!)
    .filter(id => !new RegExp(`<(?!input type="hidden")[^>]* id="${id}"`).test(html))
}

const open = async (row: Row, { customer, path }: Ready) => formOf(await customer.get(path), row.field)

/**
 * While it runs, whatever is kept of a form is lost but what its command keeps in its own transaction, which has written before.
 * Afterwards nobody waits for those forms any more.
 */
async function dyingAfterCommit({ databaseUrl }: Portal, send: () => Promise<void>): Promise<void> {
  await rows(
    databaseUrl,
    `create or replace function is_alone() returns trigger language plpgsql as $$ begin
       perform set_config('test.alone', (pg_current_xact_id_if_assigned() is null)::text, true);
       return null;
     end $$;
     create or replace function die() returns trigger language plpgsql as $$ begin
       return case when new.outcome = 'done' and current_setting('test.alone') = 'true' then null else new end;
     end $$;
     create trigger is_alone before update on form_answers execute function is_alone();
     create trigger die before update on form_answers for each row execute function die()`,
  )
  await send()
  await rows(
    databaseUrl,
    `drop trigger die on form_answers;
     drop trigger is_alone on form_answers;
     update form_answers set claimed_at = claimed_at - interval '2 minutes' where outcome is null`,
  )
}

/** Tokens and codes in an address. */
const OWN = /[\w-]{22,}|\b[0-9A-F]{8}$|\d+/g

/** Every way of a form that is another one's, too. */
const IN_FULL = [
  'register',
  'signIn',
  'pay',
  'addContract',
  'request',
  'certificate',
  'contact.phone',
  'ownData.delete',
]

async function walk(row: Row, portal: Portal, line: Relay): Promise<void> {
  const { name } = row.form
  const at = (what: string) => `${name}: ${what}`
  const ready = () => row.ready(portal, line.url)
  const said = (answer: Page, what: string) => {
    expect(answer.status, at(what)).toBe(200)
    expect(languageOf(answer), at(what)).toBe('en-GB')
  }

  const first = await ready()
  const path = await open(row, first)
  if (row.wrong) {
    const empty = Object.fromEntries(path.names.map(one => [one, undefined]))
    const intent = 'intent' in first.right ? { intent: first.right.intent } : {}
    said(await first.customer.send(path, { ...empty, ...intent }), 'sent empty')
    const wrong = await first.customer.send(path, row.wrong)
    said(wrong, 'all wrong')
    expect(isRefused(wrong), at('all wrong')).toBe(true)
    expect(deadLinks(wrong), at('all wrong')).toEqual([])
    expectKept(row, wrong, row.wrong, 'all wrong')
    expect(await first.done(), at('all wrong')).toBe(0)
  }

  // Twice at once, and a reload.
  const form = await open(row, first)
  const both = await Promise.all([
    first.customer.send(form, first.right),
    first.customer.send(form, first.right),
  ])
  for (const answer of [...both, await first.customer.send(form, first.right)]) {
    said(answer, 'sent twice')
    expect(isRefused(answer), at('sent twice')).toBe(false)
    expect(answer.path, at('sent twice')).toBe(both[0].path)
  }
  await expect.poll(first.done, at('sent twice')).toBe(1)
  if (!process.env.DEEP && !IN_FULL.includes(name)) return

  // Nothing arrives; then all is done, and the process dies before it has kept or given the answer.
  const second = await ready()
  const again = await open(row, second)
  line.cutNextRequest()
  await expect(second.customer.send(again, second.right), at('cut before')).rejects.toThrow()
  expect(await second.done(), at('cut before')).toBe(0)
  line.loseNextAnswer()
  await dyingAfterCommit(portal, async () => {
    await expect(second.customer.send(again, second.right), at('cut after')).rejects.toThrow()
  })
  const after = await second.customer.send(again, second.right)
  said(after, 'sent again')
  expect(isRefused(after), at('sent again')).toBe(false)
  expect(after.path.replace(OWN, ''), at('sent again')).toBe(both[0].path.replace(OWN, ''))
  await expect.poll(second.done, at('sent again')).toBe(1)

  // By a page whose action this build does not know: filled, and then done.
  const third = await ready()
  const old = await open(row, third)
  for (const values of Object.values(old.fields)) values[0] = values[0]!.replace(/^(\{"id":")../, '$100')
  const filled = await third.customer.send(old, third.right)
  said(filled, 'older build')
  const shown = expectKept(row, filled, third.right, 'older build')
  expect(await third.done(), at('older build')).toBe(0)

  // In another language, and back.
  const words = { ...third.right, intent: undefined }
  const serbian = await third.customer.send(shown, words, {
    to: `/language/sr?to=${encodeURIComponent(third.path)}`,
  })
  expect(languageOf(serbian), at('in another language')).toBe('sr-Latn')
  // The language of the form is the one that was chosen last.
  expectKept(row, serbian, 'language' in words ? { ...words, language: 'sr' } : words, 'in another language')
  await third.customer.get('/language/en?to=/help')
  if (!third.person) return

  // Somebody else has signed in; then nobody is.
  const other = new Customer(line.url)
  await other.signIn((await person(portal)).username, PASSWORD)
  const own = new Map(third.customer.cookies)
  third.customer.cookies = new Map(other.cookies)
  const mixed = await open(row, {
    ...third,
    customer: Object.assign(new Customer(line.url), { cookies: own }),
  })
  const refused = await third.customer.send(mixed, third.right)
  said(refused, 'by another account')
  expect(refused.path, at('by another account')).toContain('/sign-in?unsent')
  third.customer.cookies = own
  await third.customer.send(SIGN_OUT, {})
  const out = await third.customer.send(mixed, third.right)
  said(out, 'after signing out')
  if (row.ofSession) return
  expect(await third.done(), at('by others')).toBe(0)
  let back = await third.customer.submit(out, 'identifier', {
    identifier: third.person.username,
    password: PASSWORD,
  })
  const recoveryCode = third.recoveryCodes?.shift()
  if (recoveryCode) back = await third.customer.submit(back, 'recoveryCode', { recoveryCode })
  said(back, 'signed in again')
  const last = expectKept(row, back, third.right, 'signed in again')
  said(await third.customer.send(last, third.right), 'sent at last')
  await expect.poll(third.done, at('sent at last')).toBe(1)
}

test('every form is walked @once', () => {
  const walked = new Set(FORMS.map(({ form }) => form))
  expect(DECLARED.filter(form => !walked.has(form)).map(({ name }) => name)).toEqual([])
  expect(IN_FULL.filter(name => !FORMS.some(({ form }) => form.name === name))).toEqual([])
})

for (const row of FORMS) {
  test(`${row.form.name} loses nothing and is done once @once`, async ({ portal }) => {
    const line = await openRelay({ to: portal.url })
    await walk(row, portal, line)
    await line.close()
  })
}

test('a browser that refuses cookies is told so, and keeps what was typed @once', async ({ portal }) => {
  const customer = new Customer(portal.url)
  const page = await customer.get('/sign-in')
  customer.cookies.clear()
  const typed = { identifier: 'mirela', password: PASSWORD }
  const answer = await customer.submit(page, 'identifier', typed)
  expect(answer.html).toContain(sq.errors.cookiesRefused)
  expect(formOf(answer, 'identifier').fields.identifier).toEqual(['mirela'])
})

test('a code typed in a tab for another address says that a newer one was sent, and uses up no try @once', async ({
  portal,
}) => {
  const { customer, person: one } = await signedIn(portal, portal.url)
  const ask = async (email: string) =>
    customer.submit(await customer.get('/account/contact'), 'email', { email })
  const old = await ask(`first-${one.email}`)
  const newer = await ask(`second-${one.email}`)
  for (let tries = 0; tries < 6; tries++) {
    const answer = await customer.submit(old, 'code', { code: '000000' })
    expect(answer.html).toContain(en.errors.codeForOther)
  }
  const code = await codeFor(customer, `second-${one.email}`)
  expect((await customer.submit(newer, 'code', { code })).path).toBe('/account?done=email')
})

test('a browser with the cookie of an older build signs in @once', async ({ portal }) => {
  const customer = new Customer(portal.url)
  const form = formOf(await customer.get('/sign-in'), 'identifier')
  customer.cookies.set('cookies', 'kept')
  const { username } = await person(portal)
  expect((await customer.send(form, { identifier: username, password: PASSWORD })).path).toBe('/contracts')
})

test('what somebody overheard of a form signs no other browser in @once', async ({ portal }) => {
  const { id, username } = await person(portal)
  const customer = new Customer(portal.url)
  const form = formOf(await customer.get('/sign-in'), 'identifier')
  const typed = { identifier: username, password: PASSWORD }
  expect((await customer.send(form, typed)).path).toBe('/contracts')
  // Since then the password has been changed.
  const changed = `update accounts set password_hash = regexp_replace(password_hash, '...$', 'AAA') where id = $1`
  await rows(portal.databaseUrl, changed, [id])
  const thief = new Customer(portal.url)
  await thief.get('/help')
  const answer = await thief.send(form, typed)
  expect([answer.path, isRefused(answer)]).toEqual(['/sign-in', true])
  expect((await customer.send(form, typed)).path).toBe('/contracts')
})

test('a form that names no action comes back filled @once', async ({ portal }) => {
  const customer = new Customer(portal.url)
  const form = formOf(await customer.get('/sign-in'), 'identifier')
  for (const name of Object.keys(form.fields)) if (name.startsWith('$ACTION')) delete form.fields[name]
  const answer = await customer.send(form, { identifier: 'mirela', password: PASSWORD })
  expect(answer.status).toBe(200)
  expect(answer.html).toContain(en.errors.sendAgain)
  expect(formOf(answer, 'identifier').fields.identifier).toEqual(['mirela'])
})

test('whatever the portal refuses is a page in the reader’s language, with a way on @once', async ({
  portal,
}) => {
  const multipart = { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=B' } }
  const elsewhere = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' }
  for (const [status, what, path, { headers = {}, ...request }] of [
    [400, 'unreadable', '/sign-in', { ...multipart, body: '--B\r\nnothing that can be read' }],
    [
      403,
      'foreign',
      '/sign-in',
      { ...multipart, headers: { ...multipart.headers, ...elsewhere }, body: '--B--' },
    ],
    [404, 'notFound', '/no-such-page', {}],
    [404, 'notFound', '/payments/return/sandbox', {}],
    [405, 'notFound', '/sign-out', {}],
    [405, 'notFound', '/unsent', {}],
    [413, 'tooLarge', '/sign-in', { ...multipart, body: 'x'.repeat(300_000) }],
  ] as [number, 'notFound', string, RequestInit][]) {
    for (const [locale, language] of Object.entries(languageTag)) {
      const said = { accept: 'text/html', cookie: `lang=${locale}`, ...(headers as Record<string, string>) }
      const answer = await fetch(portal.url + path, { ...request, headers: said })
      const html = await answer.text()
      expect(answer.status, path).toBe(status)
      expect(html, path).toContain(`<html lang="${language}"`)
      expect(html, path).toContain(catalogue(locale as 'sq')[what].title)
      expect(html, path).toMatch(/<a [^>]*href="\//)
      expect(html, path).toContain('href="/register"')
    }
  }
})
