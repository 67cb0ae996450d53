// The audit log: what was done, by whom, from where. Written in the transaction of the deed.
import type { Executor } from '../../db/client.ts'
import { auditEvents } from '../../db/schema/audit.ts'

/** `subject`: `contract:12`. `details`: ids, codes and amounts; nothing that names a person. */
export async function recordEvent(
  db: Executor,
  event: {
    action: string
    at: Date
    accountId?: string
    subject?: string
    address?: string | null
    details?: Record<string, string | number | boolean | null>
  },
): Promise<void> {
  await db.insert(auditEvents).values(event)
}
