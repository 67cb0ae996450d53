// Whether the portal can serve: its database answers.
import { database } from '@/lib/platform/database.ts'

export async function GET(): Promise<Response> {
  try {
    await database().$client.query('select 1')
    return Response.json({ status: 'ok' })
  } catch {
    return Response.json({ status: 'unavailable' }, { status: 503 })
  }
}
