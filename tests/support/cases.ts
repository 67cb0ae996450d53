// Cases made straight in the database.
import { randomUUID } from 'node:crypto'

type Row = Partial<{
  id: string
  kind: string
  queue: string
  number: string
  biller_id: number
  contract_id: number
  account_id: string
  email: string
  language: string
  title: string
  about: string
  limit_count: number
  limit_unit: string
  due_at: Date
  unique_as: string
  answers: object
  idempotency_key: string
  created_at: Date
  state_at: Date
}>

const FILE = `with filed as (insert into cases select * from jsonb_populate_record(null::cases, $1) returning *)
  insert into case_events (case_id, number, move, state, side, made_by, answers, at)
  select id, 1, 'file', 'pending', 'owner', account_id, answers, created_at from filed`

/** Files a case, by default a dispute of nobody's; its id. `query`: of a pool, or of a portal's database (`rows`). */
export async function addCase(
  query: (text: string, values: unknown[]) => Promise<unknown>,
  row: Row & { biller_id: number },
): Promise<string> {
  const id = row.id ?? randomUUID()
  const owner = row.account_id ? {} : { email: 'nobody@example.com', language: 'sq' }
  const filed = {
    kind: 'dispute',
    queue: 'registrations',
    title: 'A B',
    about: 'A',
    answers: {},
    state: 'pending',
    events: 1,
    form_version: 1,
    created_at: new Date(),
    ...owner,
    ...row,
    id,
  }
  await query(FILE, [JSON.stringify(filed)])
  return id
}

const ASK = `with asked as (insert into case_events (case_id, number, was, move, state, side, made_by, note, at)
    select $1, 2, 'pending', 'ask', 'waiting', 'staff', id, $2, now() from accounts where username = 'operator' returning at)
  update cases set state = 'waiting', events = 2, state_at = asked.at from asked where cases.id = $1`

/** What is not taken yet; staff of the demonstration ask. */
export const askOwner = (
  query: (text: string, values: unknown[]) => Promise<unknown>,
  id: string,
  note: string,
): Promise<unknown> => query(ASK, [id, note])

/** A request of an account's about its contract of KESCO, with its address; `asked`: what staff ask about it. */
export async function addRequest(
  query: (text: string, values: unknown[]) => Promise<unknown>,
  { accountId, code, kind = 'M1', asked }: { accountId: string; code: string; kind?: string; asked?: string },
): Promise<{ id: string; path: string }> {
  const number = `${kind}${String(Date.now()).slice(-9)}`
  const created = new Date(Date.now() - 3_600_000)
  const id = randomUUID()
  const [contract] = (await query('select id::int, biller_id from contracts where code = $1', [code])) as [
    { id: number; biller_id: number },
  ]
  await addCase(query, {
    ...{ id, kind, number, queue: 'requests', title: 'Arta Berisha', about: code },
    ...{ biller_id: contract.biller_id, contract_id: contract.id, account_id: accountId },
    ...{ limit_count: 15, limit_unit: 'calendarDays', due_at: new Date(created.getTime() + 16 * 86_400_000) },
    ...{ answers: { type: kind[0], kind, note: 'It shows too much.', currentReading: '4300' } },
    created_at: created,
  })
  if (asked) await askOwner(query, id, asked)
  return { id, path: `/contracts/kesco/${code}/requests/${number}` }
}
