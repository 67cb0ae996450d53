// Terms of use.
import { getTranslations } from 'next-intl/server'
import { LegalPage } from '@/components/legal-page.tsx'

const SECTIONS = ['portal', 'account', 'amounts', 'availability', 'complaints'] as const

export default async function TermsPage() {
  const t = await getTranslations('terms')
  return (
    <LegalPage
      title={t('title')}
      sections={SECTIONS.map(key => ({ title: t(`sections.${key}.title`), text: t(`sections.${key}.text`) }))}
    />
  )
}
