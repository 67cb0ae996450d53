// What a message says in its row.
import type { IconName } from '@/components/ui/icon.tsx'
import { atStart, formatMinute, formatNearDay } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { Notice } from '@/lib/notices/schema.ts'
import { noticeText } from '@/lib/notices/words.ts'
import { type NoticeKind, noticeKindOf } from '@/lib/notifications/notice-kinds.ts'
import { addDays, dayIn, PORTAL_ZONE } from '@/lib/platform/dates.ts'
import type { NoticeRow } from './rows.tsx'

const ICON: Record<NoticeKind, IconName> = {
  'new-invoice': 'doc',
  'due-soon': 'due',
  overdue: 'alert',
  statement: 'sun',
  'invoice-changed': 'doc',
  payment: 'check',
  receipt: 'check',
  disconnection: 'alert',
  outage: 'alert',
  threshold: 'meter',
  requests: 'request',
  access: 'access',
  account: 'person',
}

export function rowOf(notice: Notice, now: Date, locale: Locale): NoticeRow {
  const t = translator(locale, 'inbox')
  const { title, text, href } = noticeText(locale, notice)
  const day = dayWords(notice.createdAt, now, locale)
  const kind = noticeKindOf(notice.kind)
  return {
    id: notice.id,
    icon: kind ? ICON[kind] : 'mail',
    title,
    note: [day, text].filter(Boolean).join(' · '),
    label: t('choose', { title, day }),
    href: href && `/inbox/${notice.id}`,
    isNew: notice.readAt ? undefined : t('new'),
  }
}

/** Of today the hour, for several may come on a day. */
function dayWords(at: Date, now: Date, locale: Locale): string {
  const t = translator(locale, 'inbox')
  const [day, today] = [dayIn(PORTAL_ZONE, at), dayIn(PORTAL_ZONE, now)]
  if (day === today) return t('today', { time: formatMinute(at, locale, PORTAL_ZONE) })
  if (day === addDays(today, -1)) return t('yesterday')
  return atStart(formatNearDay(day, today, locale))
}
