// What is stored about a person, why, and for how long.

import { LegalPage } from '@/components/legal-page.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { env } from '@/lib/platform/env.ts'
import { getTranslations } from '@/lib/request/locale.ts'

const SECTIONS = ['controller', 'stored', 'cookies', 'purpose', 'others', 'period', 'rights'] as const

export default async function PrivacyPage() {
  const t = await getTranslations('privacy')
  return (
    <LegalPage
      title={t('title')}
      sections={SECTIONS.map(key => ({
        title: t(`sections.${key}.title`),
        text: t.rich(`sections.${key}.text`, {
          days: env().DOCUMENT_DAYS,
          logDays: env().AUDIT_DAYS,
          linkDays: env().PAY_LINK_KEPT_DAYS,
          bankDays: env().PAYMENT_EVENT_DAYS,
          contact: linkTo('/help#contact'),
        }),
      }))}
    />
  )
}
