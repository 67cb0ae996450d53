// A difference with a bank about money of no payment of ours: what the bank says, and the form that settles it.
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Chip } from '@/components/ui/chip.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { recordLook } from '@/lib/payment-desk/looks.ts'
import { getDifference } from '@/lib/payment-desk/queries.ts'
import { paymentsPath } from '@/lib/payment-desk/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { Settle } from '../../[id]/held.tsx'
import { bankMoney } from '../../words.tsx'

export default async function DifferencePage({ params, searchParams }: PageProps<'id', 'done'>) {
  const staff = await requireStaff()
  const { id } = await params
  const { done } = await searchParams
  const one = /^[1-9]\d{0,14}$/.test(id) ? await getDifference(staff, Number(id)) : null
  if (!one) return refuseStaff(staff)
  await recordLook(staff, 'payments.viewed', { difference: one.id }, clock.now())
  const t = await getTranslations('paymentDesk')
  const words = await getTranslations('words')
  const locale = await getLocale()
  const at = (time: Date) => formatInstant(time, locale, one.timeZone ?? PORTAL_ZONE)
  const { amount, toldAt, resolvedAt, resolvedBy } = one
  const code = (text: string | null) => <span className="code">{text || t('unknown')}</span>
  return (
    <PageShell
      title={t('difference')}
      back={{ href: paymentsPath({ part: 'differences' }), label: t('title') }}
      lead={
        <p>
          {resolvedAt ? <Chip tone="good">{t('settled')}</Chip> : <Chip tone="bad">{t('chips.open')}</Chip>}{' '}
          {t(`exceptions.${one.kind}`)}
        </p>
      }
    >
      {done === 'settled' && <Done>{t('done.settled')}</Done>}
      <Card>
        <p>{t(`todo.${one.kind}`)}</p>
        <Facts
          columns={1}
          facts={[
            { label: t('order'), value: code(one.orderNumber) },
            { label: t('transaction'), value: code(one.transactionId) },
            ...(amount === null
              ? []
              : [{ label: words('amount'), value: bankMoney(amount, one.currency, locale) }]),
            ...(toldAt ? [{ label: t('atBank'), value: at(toldAt) }] : []),
            { label: t('account'), value: code(one.account ?? one.gateway) },
            ...(one.biller ? [{ label: words('company'), value: one.biller }] : []),
            { label: t('heldAt'), value: at(one.openedAt) },
            ...(resolvedAt
              ? [
                  {
                    label: t('settled'),
                    value: t(resolvedBy ? 'settledBy' : 'settledByFacts', {
                      at: at(resolvedAt),
                      name: resolvedBy ?? '',
                    }),
                  },
                ]
              : []),
            ...(one.note ? [{ label: t('settle.fields.note.label'), value: one.note, prose: true }] : []),
          ]}
        />
        {!resolvedAt && <Settle exception={one.id} role={staff.role} isFirst />}
      </Card>
    </PageShell>
  )
}
