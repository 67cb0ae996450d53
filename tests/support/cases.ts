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
  unique_as: string
  answers: object
  idempotency_key: string
  created_at: Date
  limit_count: number
  limit_unit: string
  due_at: Date
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
