// A list of payments: what happened, since when, how much, and how it stands.
import type { ReactNode } from 'react'
import { type Row, Table } from '@/components/ui/table.tsx'
import { formatMinute, formatNearDay } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import {
  type AttemptEntry,
  type AttentionEntry,
  differencePath,
  paymentPath,
  type RefundEntry,
} from '@/lib/payment-desk/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { dayIn, PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { AttemptChip, bankMoney, RefundChip, TroubleChip, troubleWords } from './words.tsx'

type List =
  | { of: 'attention'; rows: AttentionEntry[] }
  | { of: 'attempts'; rows: AttemptEntry[] }
  | { of: 'refunds'; rows: RefundEntry[] }

type Line = {
  id: string
  href: string
  number: string | null
  account?: string | null
  contractCodes: string[]
  what: string
  at: Date
  timeZone: string | null
  amount: number | null
  currency: string | null
  state: ReactNode
}

export async function DeskTable({ list, caption }: { list: List; caption: string }) {
  const t = await getTranslations('paymentDesk')
  const locale = await getLocale()
  const rows = (await linesOf(list)).map(
    (line): Row => ({
      id: line.id,
      cells: {
        payment: (
          <a href={line.href}>
            {line.number === null ? t('noNumber') : <span className="code">{line.number}</span>}
          </a>
        ),
        contract:
          line.contractCodes.length > 0 ? (
            <span className="code">{line.contractCodes.join(', ')}</span>
          ) : (
            t('unknown')
          ),
        what: (
          <>
            {line.what}
            {line.account && <small className="block">{line.account}</small>}
            <small className="block md:hidden print:hidden">
              {t('columns.since')} {sinceWords(line, locale)}
            </small>
          </>
        ),
        since: sinceWords(line, locale),
        amount: line.amount !== null && <b>{bankMoney(line.amount, line.currency, locale)}</b>,
        state: line.state,
      },
    }),
  )
  return (
    <Table
      caption={caption}
      columns={[
        { key: 'payment', label: t('columns.payment') },
        { key: 'contract', label: t('columns.contract'), place: 'tablet' },
        { key: 'what', label: t('columns.what'), place: 'sub' },
        { key: 'since', label: t('columns.since'), place: 'desktop' },
        { key: 'amount', label: t('columns.amount'), amount: true },
        { key: 'state', label: t('columns.state'), place: 'status' },
      ]}
      rows={rows}
    />
  )
}

/** Of today the time, else the day. */
function sinceWords({ at, timeZone }: Line, locale: Locale): string {
  const zone = timeZone ?? PORTAL_ZONE
  const [day, today] = [dayIn(zone, at), dayIn(zone, clock.now())]
  return day === today ? formatMinute(at, locale, zone) : formatNearDay(day, today, locale)
}

async function linesOf(list: List): Promise<Line[]> {
  const t = await getTranslations('paymentDesk')
  if (list.of === 'attention') {
    return Promise.all(
      list.rows.map(async row => ({
        ...row,
        id: `${row.kind} ${row.exceptionId ?? row.paymentId ?? row.attemptId}`,
        href: row.attemptId === null ? differencePath(row.exceptionId!) : paymentPath(row.attemptId),
        what: await troubleWords(row),
        at: row.since,
        state: <TroubleChip trouble={row} />,
      })),
    )
  }
  if (list.of === 'attempts') return Promise.all(list.rows.map(attemptLine))
  return list.rows.map(row => ({
    ...row,
    href: `${paymentPath(row.attemptId)}#refunds`,
    what: t('refundBy', { number: row.refundNumber, way: row.way, name: row.requestedBy }),
    at: row.requestedAt,
    state: <RefundChip state={row.state} />,
  }))
}

/** What troubles it counts for more than how it ended. */
async function attemptLine(row: AttemptEntry): Promise<Line> {
  const t = await getTranslations('paymentDesk')
  const [trouble] = row.troubles
  const words = await Promise.all(row.troubles.map(troubleWords))
  return {
    ...row,
    id: row.attemptId,
    href: paymentPath(row.attemptId),
    what: trouble ? words.join('; ') : t(`attempts.${row.state}`),
    at: row.createdAt,
    state: trouble ? <TroubleChip trouble={trouble} /> : <AttemptChip state={row.state} />,
  }
}
