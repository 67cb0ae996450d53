// Outages and disconnections to test with, made straight in the database.
import type { Database } from '../../db/client.ts'
import { disconnections, outages } from '../../db/schema/supply.ts'

let counter = 0

const HOUR_MS = 3_600_000

/** Planned work of KESCO (2), from an hour before `now` to an hour after it. */
export async function makeOutage(
  db: Database,
  now: Date,
  given: Partial<typeof outages.$inferInsert> = {},
): Promise<number> {
  counter += 1
  const [row] = await db
    .insert(outages)
    .values({
      billerId: 2,
      reference: `O-${counter}`,
      kind: 'planned',
      startsAt: new Date(now.getTime() - HOUR_MS),
      endsAt: new Date(now.getTime() + HOUR_MS),
      ...given,
    })
    .returning({ id: outages.id })
  return row!.id
}

/** For a debt, announced on 25 November 2026 for 1 December. */
export async function makeDisconnection(
  db: Database,
  { id: contractId, billerId }: { id: number; billerId: number },
  given: Partial<typeof disconnections.$inferInsert> = {},
): Promise<void> {
  counter += 1
  await db.insert(disconnections).values({
    billerId,
    contractId,
    reference: `D-${counter}`,
    announcedOn: '2026-11-25',
    notBefore: '2026-12-01',
    reason: 'debt',
    ...given,
  })
}
