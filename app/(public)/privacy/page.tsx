// What is stored about a person, why, and for how long.
import { getTranslations } from 'next-intl/server'
import { LegalPage } from '@/components/legal-page.tsx'

const SECTIONS = ['stored', 'purpose', 'others', 'period', 'rights'] as const

export default async function PrivacyPage() {
  const t = await getTranslations('privacy')
  return (
    <LegalPage
      title={t('title')}
      sections={SECTIONS.map(key => ({ title: t(`sections.${key}.title`), text: t(`sections.${key}.text`) }))}
    />
  )
}
