// Money of a payment that pays no invoice: how whoever paid gets it back.
import { hearsKind } from '@/lib/cases/catalogue.ts'
import { newRequestPath } from '@/lib/cases/schema.ts'
import { unusedOf } from '@/lib/payments/outcome-rules.ts'
import type { Attempt } from '@/lib/payments/schema.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { ButtonLink } from './ui/button.tsx'
import { Card } from './ui/card.tsx'

/** Nothing where all of it is used. Whoever has none of the contracts, or paid by a link, is told whom to ask. */
export async function UnusedMoney({ payment }: { payment: Attempt }) {
  if (unusedOf(payment) === 0) return null
  const t = await getTranslations('payment')
  const { id, number, billerCode, billerName, askedAbout } = payment
  const contact = payment.contactPhone ?? payment.contactEmail
  const codes = hearsKind(billerCode, 'P3') ? askedAbout : []
  return (
    <Card labelledBy="unused" title={t('unused.title')}>
      <p>
        {t('unused.contact', {
          biller: billerName,
          contact: contact ?? '',
          known: contact ? 'yes' : 'no',
          number,
        })}
      </p>
      <p className="actions">
        {codes.map(code => (
          <ButtonLink
            key={code}
            href={`${newRequestPath({ biller: billerCode, code })}?type=P&kind=P3&payment=${id}`}
            look="secondary"
          >
            {codes.length > 1 ? t('unused.askOf', { contract: code }) : t('unused.ask')}
          </ButtonLink>
        ))}
        <a href="/refunds">{t('unused.policy')}</a>
      </p>
    </Card>
  )
}
