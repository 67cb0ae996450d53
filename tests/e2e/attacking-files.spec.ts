// Files that are none of those wanted, or more, or larger: every form that takes documents refuses each with its reason, keeps the
// good one and all that was typed, and is sent after that without a file being chosen again.
import http from 'node:http'
import { catalogue } from '../../lib/i18n/catalogue.ts'
import { fillText } from '../../lib/i18n/texts.ts'
import { formOf, type Page } from '../support/customer.ts'
import { claimedPng, heic, pdf, program } from '../support/files.ts'
import type { Ready, Row } from '../support/form-people.ts'
import { FORMS } from '../support/forms.ts'
import { expect, rows, test } from '../support/portal.ts'
import type { Portal } from '../support/portal-process.ts'

const { errors } = catalogue('en')
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>')
const page = Buffer.from('<!doctype html><script>x()</script>')
/** A program as far as its readers look, and a PDF where those of PDFs do. */
const both = Buffer.concat([program, pdf])

/** What comes, and why it is refused. */
const ATTACKS: [name: string, bytes: Buffer, reason: keyof typeof errors][] = [
  ['drawing.svg.png', svg, 'documentType'],
  ['page.pdf', page, 'documentType'],
  ['both.pdf', both, 'documentType'],
  ['30000x30000.png', claimedPng(30_000, 30_000), 'documentPixels'],
]
/** A PDF with a name that is a way, steers a terminal and turns the direction of reading round. */
const ODD = { name: '../../etc/cron.d/le\u0007tra\u202Efdp.sh', kept: 'letrafdp.pdf' }

const file = (name: string, bytes: Buffer) => new File([new Uint8Array(bytes)], name)
const names = ({ form: { fields } }: Row) => Object.keys(fields)
const filesOf = (row: Row) => names(row).find(name => row.form.fields[name]!.kind === 'files')!

/** Sends the form with these files, as whoever has no script. */
const sendWith = async (row: Row, { customer, path, right }: Ready, files: File[]) =>
  customer.send(formOf(await customer.get(path), row.field), { ...right, documents: files })

function expectKept(row: Row, answer: Page, { right }: Ready, files: number): void {
  const form = formOf(answer, row.field)
  for (const [name, value] of Object.entries(right)) {
    const kind = row.form.fields[name]?.kind
    if (!kind || kind === 'files' || kind === 'button' || kind === 'hidden') continue
    expect(form.fields[name], `${row.form.name}: ${name}`).toEqual([value].flat())
  }
  expect(form.fields.keptDocuments, row.form.name).toHaveLength(files)
}

const stored = ({ databaseUrl }: Portal) =>
  rows<{ name: string; type: string }>(
    databaseUrl,
    'select name, type from documents where case_id is not null or draft_id is not null order by created_at desc limit 1',
  )

/** What is looked at and not kept, verify.spec.ts attacks. */
const isKept = (row: Row) => {
  const field = row.form.fields[filesOf(row)]
  return field?.kind === 'files' && !field.passing
}
const withFiles = FORMS.filter(isKept)
const ways = withFiles.flatMap(row => [
  { row, intent: undefined },
  ...(row.form.name === 'request' ? [{ row, intent: 'save' }] : []),
])
for (const { row, intent } of ways) {
  test(`${row.form.name}${intent ? ` (${intent})` : ''} refuses files that attack, each with its reason @once`, async ({
    portal,
  }) => {
    const made = await row.ready(portal, portal.url)
    const ready = intent ? { ...made, right: { ...made.right, intent } } : made
    const sent = [...ATTACKS.map(([name, bytes]) => file(name, bytes)), file(ODD.name, pdf)]
    const refused = await sendWith(row, ready, sent)
    expect([refused.status, /role="alert"/.test(refused.html)]).toEqual([200, true])
    for (const [name, , reason] of ATTACKS)
      expect(refused.html).toContain(fillText(String(errors[reason]), { file: name, megapixels: 50 }))
    expect(refused.html).toContain(ODD.kept)
    for (const hidden of ['cron.d', '\u0007', '\u202e']) expect(refused.html).not.toContain(hidden)
    expectKept(row, refused, ready, 1)
    expect(await made.done()).toBe(0)

    const done = await ready.customer.send(formOf(refused, row.field), {
      ...ready.right,
      documents: undefined,
    })
    expect([done.status, /role="alert"/.test(done.html)]).toEqual([200, false])
    expect(await made.done()).toBe(intent ? 0 : 1)
    expect(await stored(portal)).toEqual([{ name: ODD.kept, type: 'application/pdf' }])
  })
}

test('of a hundred files as many are kept as a form takes, and an iPhone’s photo is told how to become one @once', async ({
  portal,
}) => {
  for (const name of ['request', 'cases']) {
    const row = withFiles.find(({ form }) => form.name === name)!
    const ready = await row.ready(portal, portal.url)
    const hundred = Array.from({ length: 100 }, (_, n) => file(`${n}.pdf`, pdf))
    const some = await sendWith(row, ready, hundred)
    expect(some.html).toContain(fillText(errors.documentsLeftOut, { files: 5 }))
    expectKept(row, some, ready, 5)
    const photo = await sendWith(row, ready, [file('IMG_0001.HEIC', heic)])
    expect(photo.html).toContain('Settings, Camera, Formats, Most Compatible')
    expect(await ready.done()).toBe(0)
  }
})

/** Sends 200 MB of a form; its answer. */
function sendHuge(url: string, cookie: string): Promise<http.IncomingMessage> {
  const headers = {
    cookie,
    accept: 'text/html',
    'content-type': 'multipart/form-data; boundary=x',
    'content-length': 200_000_000,
  }
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST', headers }, resolve).once('error', reject)
    const chunk = Buffer.alloc(1_000_000)
    let left = 200
    const write = () => {
      while (left > 0) {
        left -= 1
        if (!request.write(chunk)) return void request.once('drain', write)
      }
      request.end()
    }
    write()
  })
}

test('200 MB are thrown away unread, and the form says so where it stands @once', async ({ portal }) => {
  for (const name of ['request', 'cases']) {
    const row = withFiles.find(({ form }) => form.name === name)!
    const { customer, path } = await row.ready(portal, portal.url)
    const answer = await sendHuge(portal.url + path, customer.cookie)
    answer.resume()
    const back = `${path}${path.includes('?') ? '&' : '?'}tooLarge`
    expect([answer.statusCode, answer.headers.location]).toEqual([303, back])
    const shown = await customer.get(back)
    expect(shown.html).toContain(fillText(errors.documentsTooLarge, { megabytes: 10, files: 5 }))
  }
})
