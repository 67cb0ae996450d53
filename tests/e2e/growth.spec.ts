// No page reads more where others have more: every address is opened twice, beside few other people and beside many.
import type { APIRequestContext, Page } from 'playwright/test'
import { openStatementLog, type Statement, type StatementLog } from '../../bin/bench/statement-log.ts'
import { addCase } from '../support/cases.ts'
import { FEW, grown, MANY, shortened } from '../support/growth.ts'
import { addCertificate } from '../support/issued-certificates.ts'
import { addOtherPeople } from '../support/other-people.ts'
import { address, type Ids, idsOfMirela } from '../support/own-addresses.ts'
import { expect, signIn, signInStaff, test } from '../support/portal.ts'
import { cloneDemonstration, rows, startPortal } from '../support/portal-process.ts'
import { listRoutes } from '../support/routes.ts'

/** A page's own; who is signed in, and who of them is staff, the guard asks besides, and a new connection who answers. */
const MOST_QUERIES = 3
const GUARD = /from "sessions" inner join "accounts"|from "staff_members" left join "staff_billers"/
/** As db/client.ts asks: whichever page comes when the pool opens one more. */
const CONNECTED = /^select pg_backend_pid\(\) as pid$/
/** As each process asks every few seconds, whichever page comes. */
const FOLLOWED = /from "maintenance"\s*$/
const isQuery = ({ text }: Statement) =>
  /^\s*(select|with)\b/.test(text) && !GUARD.test(text) && !CONNECTED.test(text) && !FOLLOWED.test(text)

/** Where parts of an address belong to nobody, or choose what a page shows. */
const PUBLIC: Record<string, string> = {
  '[token]': 'x'.repeat(43),
  '[locale]': 'sq',
  '[order]': 'T-ROUTES',
  '[gateway]': 'sandbox',
  '[directory]': 'oshee',
  '[channel]': 'infobip',
  '[run]': '1',
  '[code]': '7KQM2XVDRT84HN6P',
}
const CHOICES = [
  '/account/data?before=1000',
  '/contracts/manage?search=A',
  '/contracts?added=oshee+TR0.A0000000000004&told',
]
const STAFF_CHOICES = [
  '/staff/registrations?show=decided',
  '/staff/registrations?kind=business&state=taken',
  '/staff/registrations?show=decided&state=rejected&biller=oshee',
  '/staff/requests',
  '/staff/requests?due=late',
  '/staff/requests?mine=yes',
  '/staff/requests?search=F1000000001',
]

/** A file of all that a queue has, up to a number of its own (EXPORTED in lib/cases/queue.ts). */
const IS_WHOLE = /\/list\.csv$/

type Opened = Map<string, Statement[]>

test('no address reads more beside many other people, and a page asks three queries @once @deep', async ({
  browser,
}) => {
  test.setTimeout(process.env.DEEP ? 900_000 : 240_000)
  const database = await cloneDemonstration()
  const log = await openStatementLog(database.url)
  await addOtherPeople(database.url, 1, FEW)
  const portal = await startPortal(log.url, { JOBS_IN_PROCESS: 'off' })
  try {
    const ids = await idsOfMirela({ ...portal, databaseUrl: database.url })
    const dispute = await addDispute(database.url)
    await addLooks(database.url, ids)
    await addChecked(database.url, ids)
    const openAll = async (): Promise<Opened> => {
      const page = await browser.newPage({ baseURL: portal.url, javaScriptEnabled: false })
      const opened: Opened = new Map()
      await openEach(
        page,
        log,
        opened,
        'nobody',
        ownAddresses(ids, path => !isStaffs(path)),
      )
      await asSomebody(page, log, opened, 'mirela', signIn, [
        ...ownAddresses(ids, path => !isStaffs(path)),
        ...CHOICES,
      ])
      await asSomebody(page, log, opened, 'operator', signInStaff, [
        ...ownAddresses(ids, isStaffs),
        `/staff/registrations/${dispute}`,
        `/documents/${ids.document}`,
        ...STAFF_CHOICES,
        `/staff/registrations?after=${dispute}`,
      ])
      const ofSupervisors = [
        '/staff',
        '/staff/days-off',
        '/staff/tariffs',
        '/staff/audit',
        '/staff/audit.csv?group=looks',
        '/staff/health',
      ]
      await asSomebody(page, log, opened, 'supervisor', signInStaff, ofSupervisors)
      await asSomebody(page, log, opened, 'admin', signInStaff, ['/staff', '/staff/jobs', '/staff/health'])
      await page.close()
      return opened
    }
    const few = await openAll()
    await addOtherPeople(database.url, FEW + 1, MANY)
    const many = await openAll()

    expect([...many.keys()]).toEqual([...few.keys()])
    for (const [what, statements] of many) {
      if (!IS_WHOLE.test(what)) expect.soft(grown(few.get(what)!, statements), what).toEqual([])
    }
    // Only what was heard can be found wrong.
    expect(many.get('mirela /contracts')!.filter(isQuery)).not.toEqual([])
    for (const [what, statements] of many) {
      if (!what.includes(' /')) continue
      const queries = statements.filter(isQuery).map(({ text }) => shortened(text))
      expect.soft(queries.length, `${what}\n${queries.join('\n')}`).toBeLessThanOrEqual(MOST_QUERIES)
    }
  } finally {
    await portal.stop()
    await log.close()
    await database.drop()
  }
})

/** Without them there is nothing to be seen but a form. */
const addLooks = (url: string, { code, account }: Ids) =>
  rows(
    url,
    `insert into staff_looks (staff_id, biller_id, contract_id, account_id, reason, at)
     select a.id, c.biller_id, case n when 1 then c.id end, case n when 2 then $2::uuid end, 'phone', now()
     from accounts a, contracts c, generate_series(1, 2) n where a.username = 'operator' and c.code = $1`,
    [code, account],
  )

/** A certificate of her contract. */
async function addChecked(url: string, { code }: Ids): Promise<void> {
  const query = <T>(text: string, values: unknown[]) => rows<T>(url, text, values)
  const contracts = await query<{ id: number; code: string }>(
    'select id::int, code from contracts where code = $1',
    [code],
  )
  await addCertificate(query, { code: PUBLIC['[code]'], contracts })
}

const isStaffs = (path: string) => /^\/staff(\/|$)/.test(path)

/** Every address that answers to GET, with what is mirela's or nobody's in it. */
function ownAddresses(ids: Ids, wanted: (path: string) => boolean): string[] {
  return listRoutes()
    .filter(({ path, methods }) => methods.includes('GET') && wanted(path))
    .map(({ path }) => address(path, ids) ?? path.replace(/\[\w+\]/g, part => PUBLIC[part]!))
}

async function asSomebody(
  page: Page,
  log: StatementLog,
  opened: Opened,
  who: string,
  enter: (page: Page, username: string) => Promise<void>,
  paths: string[],
): Promise<void> {
  await page.context().clearCookies()
  log.take()
  await enter(page, who)
  opened.set(`${who} signs in`, log.take())
  await openEach(page, log, opened, who, paths)
}

async function openEach(
  { request }: { request: APIRequestContext },
  log: StatementLog,
  opened: Opened,
  who: string,
  paths: string[],
): Promise<void> {
  for (const path of paths) {
    log.take()
    const response = await request.get(path, { maxRedirects: 0 })
    expect.soft(response.status(), `${who} ${path}`).toBeLessThan(500)
    opened.set(`${who} ${path}`, log.take())
  }
}

/** About a contract of mirela's; its id. */
async function addDispute(url: string): Promise<string> {
  const [mirela] = await rows<{ biller_id: number; contract_id: number; email: string; answers: object }>(
    url,
    `select c.biller_id, c.id::int as contract_id, a.email,
       jsonb_build_object('personalNumber', a.personal_number, 'phone', a.phone) as answers
     from accounts a join contract_access x on x.account_id = a.id join contracts c on c.id = x.contract_id
     where a.username = 'mirela' limit 1`,
  )
  return addCase((text, values) => rows(url, text, values), mirela!)
}
