// Requests and complaints as a list: what waits for the reader, which part of them, and a table; of one contract or of all.
import type { ReactNode } from 'react'
import { linkTo } from '@/components/link-to.tsx'
import { RequestChip } from '@/components/request-chip.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { type Column, Table } from '@/components/ui/table.tsx'
import type { BillerCode } from '@/lib/billers/contract-codes.ts'
import { wordsFor } from '@/lib/billers/supply.ts'
import { contractTitle } from '@/lib/billing/contract-title.ts'
import { requestName } from '@/lib/cases/answer-words.ts'
import { typeOf } from '@/lib/cases/catalogue.ts'
import { deadlineShort, publicState } from '@/lib/cases/deadline-words.ts'
import {
  type ListedRequest,
  type ListedRequests,
  type RequestPart,
  requestParts,
} from '@/lib/cases/request-queries.ts'
import { newRequestPath, parseId, requestPath } from '@/lib/cases/schema.ts'
import { atStart, formatDay, formatInstant } from '@/lib/i18n/formats.ts'
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
  /** By whose words a meter is called, and whether there is any. */
  about: { code: BillerCode; country: ListedRequest['biller']['country'] }
  locale: Locale
}

export function RequestList({ list, part, after, path, ofContract, create, about, locale }: ListProps) {
  const t = translator(locale, 'requests')
  const { requests, counts, next } = list
  return (
    <>
      <Notices list={list} locale={locale} />
      {counts.all === 0 ? (
        <section className="card centred stack">
          <p>{t('none.all', wordsFor(about))}</p>
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

/** What is expected of the reader comes first: of one what is asked, of several which they are; then what is late, and what was begun. */
function Notices({ list, locale }: { list: ListedRequests; locale: Locale }) {
  const t = translator(locale, 'requests')
  const ofKind = translator(locale, 'kinds')
  const { expected, late, begun } = list
  const b = (chunks: ReactNode) => <b>{chunks}</b>
  const [only, ...more] = expected
  return (
    <>
      {only && more.length === 0 && (
        <Notice tone="wait">
          <p className="wrap-anywhere">
            {t.rich('expected.one', {
              name: ofKind(`${only.kind}.name`, { country: only.biller.country }),
              biller: only.biller.name,
              note: only.note,
              b,
              link: linkTo(requestPath(only.biller.code, only.contract, only.number)),
            })}
          </p>
        </Notice>
      )}
      {more.length > 0 && (
        <Notice tone="wait">
          <p>
            <b>{t('expected.many', { count: expected.length })}</b>
          </p>
          <Links requests={expected} locale={locale} />
        </Notice>
      )}
      {late.length > 0 && (
        <Notice tone="bad">
          <p>{t.rich('late', { count: late.length, b })}</p>
          <Links requests={late} locale={locale} />
        </Notice>
      )}
      {begun.length > 0 && (
        <Notice icon="doc">
          <p>{t.rich('drafts', { b })}</p>
          <ul>
            {begun.map(({ kind, contract, biller, savedAt }) => (
              <li key={savedAt}>
                <a
                  href={`${newRequestPath({ biller: biller.code, code: contract })}?type=${typeOf(kind)}&kind=${kind}`}
                >
                  {atStart(ofKind(`${kind}.name`, { country: biller.country }))}
                </a>
                ,{' '}
                {translator(locale, 'request')('drafts.saved', {
                  at: formatInstant(new Date(savedAt), locale, biller.timeZone),
                })}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  )
}

function Links({ requests, locale }: { requests: ListedRequests['late']; locale: Locale }) {
  const ofKind = translator(locale, 'kinds')
  return (
    <ul>
      {requests.map(({ number, kind, contract, biller }) => (
        <li key={number}>
          <a href={requestPath(biller.code, contract, number)}>
            {atStart(ofKind(`${kind}.name`, { country: biller.country }))}
          </a>{' '}
          <span className="code">{number}</span>
        </li>
      ))}
    </ul>
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
              {requestName(one, locale)}
            </a>
          ),
          contract: contractTitle({ ...one.contract, biller: one.biller }, locale),
          number: (
            <>
              <span className="code">{one.number}</span>
              <span className="sm:hidden">
                {' '}
                · {formatDay(dayIn(one.biller.timeZone, one.createdAt), locale)}
              </span>
            </>
          ),
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
