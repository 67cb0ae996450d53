// When money goes back, and how.
import { getTranslations } from 'next-intl/server'
import { LegalPage } from '@/components/legal-page.tsx'

const SECTIONS = ['twice', 'surplus', 'declined', 'time'] as const

export default async function RefundsPage() {
  const t = await getTranslations('refunds')
  return (
    <LegalPage
      title={t('title')}
      sections={SECTIONS.map(key => ({ title: t(`sections.${key}.title`), text: t(`sections.${key}.text`) }))}
    />
  )
}
