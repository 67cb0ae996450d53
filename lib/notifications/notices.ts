// A notice of one event: what the inbox keeps of a message to an account.
import { randomUUID } from 'node:crypto'
import type { Executor } from '../../db/client.ts'
import { notices } from '../../db/schema/notifications.ts'
import { clock } from '../platform/clock.ts'
import { env } from '../platform/env.ts'
import type { NoticeValues, Notification } from './catalogue.ts'

/** Values that stand as they are in every language, and hold no secret. */
const KEPT = ['contractCode', 'biller', 'change', 'left', 'device', 'hours', 'number', 'on']
/** Their links undo what was done, for whoever has them. */
const SECRET_LINKS = ['email-changed', 'phone-changed']

/** What a notice keeps of an event, where its caller says nothing else. */
export function valuesOf(event: Notification): NoticeValues {
  const values = Object.fromEntries(Object.entries(event).filter(([name]) => KEPT.includes(name)))
  if (!('link' in event) || SECRET_LINKS.includes(event.kind)) return values
  return { ...values, path: pathOf(event.link) }
}

function pathOf(link: string): string {
  const { pathname, search } = new URL(link, env().APP_URL)
  return pathname + search
}

/** Its messages are written by whoever calls. */
export async function keepNotice(
  db: Executor,
  accountId: string,
  kind: Notification['kind'],
  about: { contractId?: number | null } | undefined,
  values: NoticeValues,
): Promise<void> {
  const now = clock.now()
  await db.insert(notices).values({
    accountId,
    kind,
    contractId: about?.contractId ?? null,
    key: `${kind}:${randomUUID()}`,
    values,
    createdAt: now,
    handedOverAt: now,
  })
}
