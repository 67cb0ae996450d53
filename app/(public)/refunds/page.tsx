// When money goes back, and how.
import { LegalPage } from '@/components/legal-page.tsx'
import { getTranslations } from '@/lib/request/locale.ts'

const SECTIONS = ['twice', 'surplus', 'decided', 'time', 'unknown', 'declined', 'takenBack'] as const

export default async function RefundsPage() {
  const t = await getTranslations('refunds')
  return (
    <LegalPage
      title={t('title')}
      sections={SECTIONS.map(key => ({ title: t(`sections.${key}.title`), text: t(`sections.${key}.text`) }))}
    />
  )
}
