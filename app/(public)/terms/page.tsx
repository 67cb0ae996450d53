// Terms of use.
import { LegalPage } from '@/components/legal-page.tsx'
import { getTranslations } from '@/lib/request/locale.ts'

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
