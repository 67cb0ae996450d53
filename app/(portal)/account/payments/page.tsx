// All payments that the customer made here, also for contracts that they no longer have.

import { PageShell } from '@/components/page-shell.tsx'
import { PaymentTable } from '@/components/payment-table.tsx'
import { Card } from '@/components/ui/card.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { listOwnAttempts } from '@/lib/payments/own-attempts.ts'
import { pageNumber } from '@/lib/payments/schema.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

export default async function OwnPaymentsPage({ searchParams }: PageProps<never, 'page'>) {
  const customer = await requireCustomer()
  const page = pageNumber.parse((await searchParams).page)
  const { payments, older } = await listOwnAttempts(customer, page)
  const t = await getTranslations('ownPayments')
  const locale = await getLocale()
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/account', label: t('back') }} wide>
      {payments.length === 0 ? (
        <p>{t('none')}</p>
      ) : (
        <Card>
          <PaymentTable payments={payments} locale={locale} />
        </Card>
      )}
      {(page > 1 || older) && (
        <p className="actions">
          {page > 1 && <a href={`/account/payments?page=${page - 1}`}>{t('newer')}</a>}
          {older && <a href={`/account/payments?page=${page + 1}`}>{t('older')}</a>}
        </p>
      )}
    </PageShell>
  )
}
