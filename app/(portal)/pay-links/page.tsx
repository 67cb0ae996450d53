// Links to send to somebody who pays for one: making them, what became of each, and withdrawing them.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { UnderWayNotice } from '@/components/under-way-notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { contractTitle } from '@/lib/billing/contract-title.ts'
import { listUnpaidInvoices } from '@/lib/billing/queries.ts'
import type { UnpaidInvoice } from '@/lib/billing/schema.ts'
import { sumOf } from '@/lib/billing/statement-rules.ts'
import { formatMoney, formatMonth, formatNearDay } from '@/lib/i18n/formats.ts'
import { makeLinkForm } from '@/lib/payments/forms.ts'
import { listSentLinks } from '@/lib/payments/pay-links.ts'
import { billersPaidHere } from '@/lib/payments/queries.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { titlesOf } from '../invoices/unpaid/view.ts'
import { makeLinkAction } from './actions.ts'
import { Made } from './made.tsx'
import { SentLinks } from './sent.tsx'

type Props = PageProps<never, 'biller' | 'code' | 'made' | 'withdrawn'>

export default async function PayLinksPage({ searchParams }: Props) {
  const customer = await requireCustomer()
  const { biller, code, made, withdrawn } = await searchParams
  const now = clock.now()
  const debts = await listUnpaidInvoices(customer, 'all', now)
  const unpaid = debts.filter(({ underWay }) => !underWay)
  const all = [...Map.groupBy(unpaid, ({ contract }) => contract.id).values()]
  const paidHere = await billersPaidHere(unpaid.map(({ contract }) => contract.billerCode))
  const contracts = all.filter(([first]) => paidHere.has(first!.contract.billerCode))
  const isAsked = ({ contract }: UnpaidInvoice) => contract.billerCode === biller && contract.code === code
  const one = contracts.find(invoices => isAsked(invoices[0]!)) ?? (contracts.length === 1 && contracts[0])
  const asked = debts.filter(isAsked)
  const t = await getTranslations('payLinks')
  const locale = await getLocale()
  return (
    <PageShell title={t('title')} lead={<p className="lead">{t('lead')}</p>}>
      {withdrawn !== undefined && <Done>{t('withdrawn')}</Done>}
      {made !== undefined && <Made id={String(made)} sessionId={customer.sessionId} />}
      <UnderWayNotice
        unpaid={asked.length > 0 ? asked : debts}
        titleOf={asked.length > 0 ? undefined : titlesOf(debts, locale)}
        locale={locale}
      />
      {all.length > 0 && contracts.length === 0 ? (
        <Notice>{t('errors.unavailable')}</Notice>
      ) : one ? (
        <MakeLink invoices={one} others={contracts.length > 1} />
      ) : contracts.length > 0 ? (
        <ChooseContract contracts={contracts} />
      ) : (
        debts.length === 0 && <Notice>{t('nothingDue')}</Notice>
      )}
      <SentLinks links={await listSentLinks(customer, now)} />
    </PageShell>
  )
}

const titleOf = ({ contract }: UnpaidInvoice, locale: Awaited<ReturnType<typeof getLocale>>) =>
  contractTitle(
    {
      ...contract,
      biller: { code: contract.billerCode, name: contract.billerName, country: contract.country },
    },
    locale,
  )

async function MakeLink({ invoices, others }: { invoices: UnpaidInvoice[]; others: boolean }) {
  const t = await getTranslations('payLinks')
  const locale = await getLocale()
  const [first] = invoices as [UnpaidInvoice]
  const { billerCode, code, currency } = first.contract
  return (
    <Card labelledBy="make" title={t('for', { contract: titleOf(first, locale) })}>
      <Form
        form={makeLinkForm}
        action={makeLinkAction}
        shownFor={{ biller: billerCode, code }}
        options={{
          invoices: invoices.map(({ id, period, dueOn, today, total }) => ({
            value: String(id),
            label: t('invoice', {
              month: formatMonth(period, locale),
              day: formatNearDay(dueOn, today, locale),
              amount: formatMoney(total, currency, locale),
            }),
          })),
        }}
      />
      {others && (
        <p className="actions">
          <a href="/pay-links">{t('otherContract')}</a>
        </p>
      )}
    </Card>
  )
}

async function ChooseContract({ contracts }: { contracts: UnpaidInvoice[][] }) {
  const t = await getTranslations('payLinks')
  const locale = await getLocale()
  return (
    <Card labelledBy="choose" title={t('choose')}>
      <Rows
        rows={contracts.map(invoices => {
          const [first] = invoices as [UnpaidInvoice]
          const { billerCode, billerName, code, currency } = first.contract
          return {
            id: `${billerCode} ${code}`,
            href: `/pay-links?biller=${billerCode}&code=${encodeURIComponent(code)}`,
            title: titleOf(first, locale),
            note: `${billerName} · ${code}`,
            end: <b>{formatMoney(sumOf(invoices, 'total'), currency, locale)}</b>,
          }
        })}
      />
    </Card>
  )
}
