// Why one bill is for more or less than another of its contract: in a sentence, in a picture, in parts that add up, and what to do.
import { notFound, redirect } from 'next/navigation'
import { ContractTabs } from '@/components/contract-tabs.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { getComparison } from '@/lib/billing/compare-queries.ts'
import { differenceOf, remarksOn } from '@/lib/billing/difference-rules.ts'
import { differenceSentences, differenceTitle } from '@/lib/billing/difference-words.ts'
import { comparePath, parseInvoiceId } from '@/lib/billing/schema.ts'
import { formatMoney } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { BillsChart } from './chart.tsx'
import { Choose } from './choose.tsx'
import { NextSteps } from './next-steps.tsx'
import { Interest, Parts } from './parts.tsx'
import { remarkWords } from './remarks.ts'

export default async function ComparePage({ params, searchParams }: PageProps<'id', 'to' | 'invoice'>) {
  const customer = await requireCustomer()
  const { to: named, invoice: chosen } = await searchParams
  const id = parseInvoiceId((await params).id)
  const to = named === undefined ? undefined : parseInvoiceId(String(named))
  if (!id || (named !== undefined && !to)) notFound()
  // The form names both, and a form without a script cannot write the one into its address.
  const other = typeof chosen === 'string' ? parseInvoiceId(chosen) : undefined
  if (other) redirect(comparePath(other, to))
  // An invoice is not compared with itself.
  const found = await getComparison(customer, id, to === id ? undefined : to, clock.now())
  if (!found) notFound()
  const { contract, bill, before, suggested, tariffs, all } = found
  if (!before && suggested) redirect(comparePath(id, suggested))
  const t = await getTranslations('compare')
  const locale = await getLocale()
  const { biller } = contract
  const of = { biller, currency: biller.currency, tariffGroup: contract.tariffGroup }
  const shared = {
    above: <ContractTabs contract={contract} current="history" locale={locale} />,
    back: { href: `/invoices/${id}`, label: t('back') },
  }
  if (!before)
    return (
      <PageShell title={t('title.none')} {...shared}>
        <Card>
          <p>{t('alone')}</p>
        </Card>
      </PageShell>
    )
  const difference = differenceOf(before, bill, tariffs)
  const amount = formatMoney(Math.abs(difference.amount), of.currency, locale)
  const remarks = remarksOn(
    before,
    bill,
    biller.unit !== 'none',
    all.map(({ period }) => period),
  )
  const late = [
    { ...difference.before, interest: before.interest },
    { ...difference.now, interest: bill.interest },
  ]
  const both = { of, difference, locale }
  return (
    <PageShell
      title={differenceTitle(difference, of, locale)}
      lead={differenceSentences(difference, of, locale).join(' ')}
      {...shared}
    >
      {remarks.length > 0 && (
        <Notice>
          {remarks.map(remark => (
            <p key={`${remark.about} ${'which' in remark && remark.which}`}>
              {remarkWords(remark, { ...difference, country: biller.country }, locale)}
            </p>
          ))}
        </Notice>
      )}
      <BillsChart {...both} />
      <Card
        labelledBy="parts"
        title={difference.amount === 0 ? t('parts.none') : t('parts.title', { amount })}
      >
        <Parts {...both} />
        <Interest bills={late} currency={of.currency} locale={locale} />
      </Card>
      <NextSteps contract={contract} bill={bill} locale={locale} />
      {all.length > 2 && <Choose all={all} id={id} to={before.id} currency={of.currency} locale={locale} />}
    </PageShell>
  )
}
