// Payments that staff have to look at: those whose end is not known, what is over, differences with banks, refunds; one by its number.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { formatMoney } from '@/lib/i18n/formats.ts'
import { searchPaymentsForm } from '@/lib/payment-desk/forms.ts'
import { recordLook } from '@/lib/payment-desk/looks.ts'
import {
  findAttempts,
  getTiles,
  listAttention,
  listRefunds,
  listToday,
  listUnderWay,
} from '@/lib/payment-desk/queries.ts'
import {
  type AttentionKind,
  type Part,
  parts,
  paymentsPath,
  readPage,
  readPart,
  settlementsPath,
  type Tile,
  type TileFigures,
  tiles,
} from '@/lib/payment-desk/schema.ts'
import { readPaymentSearch } from '@/lib/payment-desk/search.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { searchPaymentsAction } from './actions.ts'
import { DeskTable } from './table.tsx'

const PART_OF: Record<Tile, Part> = {
  inDoubt: 'in-doubt',
  surpluses: 'unused',
  differences: 'differences',
  refunds: 'refunds',
  today: 'today',
}

const KINDS: Partial<Record<Part, AttentionKind[]>> = {
  'in-doubt': ['inDoubt'],
  unused: ['surplus'],
  differences: ['difference'],
}

export default async function PaymentsPage({ searchParams }: PageProps<never, 'show' | 'search' | 'page'>) {
  const staff = await requireStaff()
  const { show, search: typed, page: typedPage } = await searchParams
  const search = typeof typed === 'string' ? readPaymentSearch(typed) : undefined
  const [part, page] = [readPart(show), readPage(typedPage)]
  const now = clock.now()
  await recordLook(staff, 'payments.viewed', { ...(search ? { search } : { part }), page }, now)
  const figures = await getTiles(staff, now)
  const list = search
    ? ({ of: 'attempts', ...(await findAttempts(staff, search, now, page)) } as const)
    : part === 'refunds'
      ? ({ of: 'refunds', ...(await listRefunds(staff, page)) } as const)
      : part === 'today'
        ? ({ of: 'attempts', ...(await listToday(staff, now, page)) } as const)
        : part === 'under-way'
          ? ({ of: 'attempts', ...(await listUnderWay(staff, now, page)) } as const)
          : ({ of: 'attention', ...(await listAttention(staff, now, KINDS[part], page)) } as const)
  const t = await getTranslations('paymentDesk')
  const words = await getTranslations('words')
  const at = (other: number) => paymentsPath(search ? { search, page: other } : { part, page: other })
  return (
    <PageShell
      title={t('title')}
      lead={<p>{t('lead')}</p>}
      wide
      action={
        <a className="more" href={settlementsPath()}>
          {t('settlements')}
        </a>
      }
    >
      <Tiles figures={figures} shown={search ? undefined : part} />
      <Card
        labelledBy="list"
        title={search ? t('found', { search }) : t(`parts.${part}`)}
        action={<Search search={search} />}
      >
        <Parts figures={figures} shown={search ? undefined : part} />
        {list.rows.length === 0 ? (
          <p>{t(search ? 'notFound' : `none.${part}`)}</p>
        ) : (
          <DeskTable list={list} caption={search ?? t(`parts.${part}`)} />
        )}
        {(page > 1 || list.hasMore) && (
          <p className="actions">
            {page > 1 && <a href={at(page - 1)}>{words('previousPage')}</a>}
            {list.hasMore && <a href={at(page + 1)}>{words('nextPage')}</a>}
          </p>
        )}
      </Card>
    </PageShell>
  )
}

type Shown = { figures: TileFigures; shown: Part | undefined }

/** What should be none is tinted as long as it is some. */
async function Tiles({ figures, shown }: Shown) {
  const t = await getTranslations('paymentDesk')
  const locale = await getLocale()
  return (
    <nav className="tiles" aria-label={t('figures')}>
      {tiles.map(tile => {
        const { count, sums } = figures[tile]
        const part = PART_OF[tile]
        const label = t(`parts.${part}`)
        return (
          <a
            key={tile}
            className="card"
            href={paymentsPath({ part })}
            aria-current={part === shown ? 'page' : undefined}
          >
            {count > 0 && (tile === 'inDoubt' || tile === 'differences') ? (
              <span>
                <Chip tone={tile === 'inDoubt' ? 'wait' : 'bad'}>{label}</Chip>
              </span>
            ) : (
              <small>{label}</small>
            )}
            <b className="figure">{count}</b>
            {sums.map(({ currency, amount }) => (
              <small key={currency}>{formatMoney(amount, currency, locale)}</small>
            ))}
          </a>
        )
      })}
    </nav>
  )
}

async function Search({ search }: { search: string | undefined }) {
  const t = await getTranslations('paymentDesk')
  return (
    // biome-ignore lint/a11y/useSemanticElements: old phones do not know the search element
    <div role="search" className="find">
      <Form
        form={searchPaymentsForm}
        action={searchPaymentsAction}
        values={{ search }}
        buttons={[{ label: t('search.submit'), look: 'secondary' }]}
      />
    </div>
  )
}

async function Parts({ figures, shown }: Shown) {
  const t = await getTranslations('paymentDesk')
  const { inDoubt, underWay, surpluses, differences, refunds, today } = figures
  const counts: Record<Part, number> = {
    attention: inDoubt.count + surpluses.count + differences.count,
    'in-doubt': inDoubt.count,
    'under-way': underWay.count,
    unused: surpluses.count,
    differences: differences.count,
    refunds: refunds.count,
    today: today.count,
  }
  return (
    <nav aria-label={t('filter')} className="actions">
      {parts.map(part => (
        <a key={part} href={paymentsPath({ part })} aria-current={part === shown ? 'page' : undefined}>
          {`${t(`parts.${part}`)} ${counts[part]}`}
        </a>
      ))}
    </nav>
  )
}
