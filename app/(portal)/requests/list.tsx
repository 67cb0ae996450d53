// Requests and complaints as a list: what waits for the reader, which part of them, and a table; of one contract or of all.
import { linkTo } from '@/components/link-to.tsx'
import { RequestChip } from '@/components/request-chip.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { type Column, Table } from '@/components/ui/table.tsx'
import { contractTitle } from '@/lib/billing/contract-title.ts'
import { deadlineShort, publicState } from '@/lib/cases/deadline-words.ts'
import {
  type ListedRequest,
  type ListedRequests,
  type RequestPart,
  requestParts,
} from '@/lib/cases/request-queries.ts'
import { parseId, requestPath } from '@/lib/cases/schema.ts'
import { atStart, formatDay } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { dayIn } from '@/lib/platform/dates.ts'

/** What the address of a list says; what it does not know is left out. */
export const chosenOf = ({ show, after }: { show?: string | string[]; after?: string | string[] }) => ({
  part: requestParts.find(part => part === show) ?? ('all' as const),
  after: parseId(after),
})

/** `path`: the list's own. `create`: where a new one is begun, where there is a contract for it. */
type ListProps = {
  list: ListedRequests
  part: RequestPart
  after: string | undefined
  path: string
  ofContract?: true
  create: string | undefined
  /** By whose words a meter is called. */
  country: ListedRequest['biller']['country']
  locale: Locale
}

export function RequestList({ list, part, after, path, ofContract, create, country, locale }: ListProps) {
  const t = translator(locale, 'requests')
  const { requests, counts, expected, next } = list
  return (
    <>
      <ExpectedNotice expected={expected} locale={locale} />
      {counts.all === 0 ? (
        <section className="card centred stack">
          <p>{t('none.all', { country })}</p>
          {create && (
            <ButtonLink href={create} icon="plus">
              {t('new')}
            </ButtonLink>
          )}
        </section>
      ) : (
        <Card>
          <nav className="actions" aria-label={t('filter.label')}>
            {requestParts.map(one => (
              <a
                key={one}
                href={one === 'all' ? path : `${path}?show=${one}`}
                aria-current={one === part ? 'true' : undefined}
              >
                {t(`filter.${one}`, { count: counts[one] })}
              </a>
            ))}
          </nav>
          {requests.length === 0 ? (
            <p>{t(part === 'open' ? 'none.open' : 'none.decided')}</p>
          ) : (
            <RequestTable requests={requests} ofContract={ofContract} locale={locale} />
          )}
          {(after || next) && (
            <p className="actions">
              {after && <a href={part === 'all' ? path : `${path}?show=${part}`}>{t('first')}</a>}
              {next && (
                <a
                  href={`${path}?${new URLSearchParams({ ...(part !== 'all' && { show: part }), after: next })}`}
                >
                  {t('older')}
                </a>
              )}
            </p>
          )}
        </Card>
      )}
    </>
  )
}

/** What is expected of the reader comes first: of one what is asked, of several which they are. */
function ExpectedNotice({ expected, locale }: { expected: ListedRequests['expected']; locale: Locale }) {
  const t = translator(locale, 'requests')
  const ofKind = translator(locale, 'kinds')
  const [only] = expected
  if (!only) return null
  const pathOf = ({ biller, contract, number }: typeof only) => requestPath(biller.code, contract, number)
  const nameOf = ({ kind, biller: { country } }: typeof only) => ofKind(`${kind}.name`, { country })
  return (
    <Notice tone="wait">
      {expected.length === 1 ? (
        <p className="wrap-anywhere">
          {t.rich('expected.one', {
            name: nameOf(only),
            biller: only.biller.name,
            note: only.note,
            b: chunks => <b>{chunks}</b>,
            link: linkTo(pathOf(only)),
          })}
        </p>
      ) : (
        <>
          <p>
            <b>{t('expected.many', { count: expected.length })}</b>
          </p>
          <ul>
            {expected.map(one => (
              <li key={one.number}>
                <a href={pathOf(one)}>{atStart(nameOf(one))}</a> <span className="code">{one.number}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Notice>
  )
}

function RequestTable({
  requests,
  ofContract,
  locale,
}: {
  requests: ListedRequest[]
  ofContract?: true
  locale: Locale
}) {
  const t = translator(locale, 'requests')
  const ofKind = translator(locale, 'kinds')
  const columns: Column[] = [
    { key: 'kind', label: t('columns.kind') },
    ...(ofContract ? [] : [{ key: 'contract', label: t('columns.contract'), place: 'sub' as const }]),
    { key: 'number', label: t('columns.number'), place: ofContract ? 'sub' : 'desktop' },
    { key: 'sent', label: t('columns.sent'), place: 'tablet' },
    { key: 'status', label: t('columns.status'), place: 'status' },
    { key: 'limit', label: t('columns.limit'), amount: true },
  ]
  return (
    <Table
      caption={t('caption')}
      columns={columns}
      rows={requests.map(one => ({
        id: one.id,
        cells: {
          kind: (
            <a href={requestPath(one.biller.code, one.contract.code, one.number)}>
              {atStart(ofKind(`${one.kind}.name`, { country: one.biller.country }))}
            </a>
          ),
          contract: contractTitle({ ...one.contract, biller: one.biller }, locale),
          number: <span className="code">{one.number}</span>,
          sent: formatDay(dayIn(one.biller.timeZone, one.createdAt), locale),
          status: <RequestChip state={publicState(one)} locale={locale} />,
          limit: <Limit one={one} locale={locale} />,
        },
      }))}
    />
  )
}

/** What runs stands out; what is settled or stands still is quiet. */
function Limit({ one, locale }: { one: ListedRequest; locale: Locale }) {
  const words = deadlineShort(one, locale)
  return one.deadline && !one.deadline.isStopped ? <b>{words}</b> : words
}
