// The walk over every form, without a browser: sent empty, all wrong, twice at once, over a line that breaks, from another
// account, after signing out, in another language and by a page of before. Nothing typed is lost, nothing is done twice.
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { Customer, type Form, formOf, type Page } from '../support/customer.ts'
import { PASSWORD, person, type Ready, type Row } from '../support/form-people.ts'
import { DECLARED, FORMS } from '../support/forms.ts'
import { expect, rows, test } from '../support/portal.ts'
import type { Portal } from '../support/portal-process.ts'
import { openRelay, type Relay } from '../support/relay.ts'

const sq = catalogue('sq')
const sr = catalogue('sr')

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
const OWN = /[\w-]{30,}|\d+/g

const SIGN_OUT: Form = { action: '/sign-out', multipart: false, fields: {}, names: [] }

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
  expectKept(row, serbian, words, 'in another language')
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

test('whatever a form is refused with is a page in the reader’s language @once', async ({ portal }) => {
  const send = async (headers: Record<string, string>, body: string) => {
    const answer = await fetch(`${portal.url}/sign-in`, {
      method: 'POST',
      body,
      headers: { accept: 'text/html', cookie: 'lang=sr', ...headers },
    })
    return { status: answer.status, html: await answer.text() }
  }
  const multipart = { 'content-type': 'multipart/form-data; boundary=B' }
  for (const [status, what, headers, body] of [
    [400, 'unreadable', multipart, '--B\r\nnothing that can be read'],
    [
      403,
      'foreign',
      { ...multipart, origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
      '--B--',
    ],
    [413, 'tooLarge', multipart, 'x'.repeat(300_000)],
  ] as const) {
    const answer = await send(headers, body)
    expect(answer.status).toBe(status)
    expect(answer.html).toContain(`<html lang="sr-Latn"`)
    expect(answer.html).toContain(sr[what].title)
  }
})
