// What is not there, or not yours: the same page.
import { getTranslations } from 'next-intl/server'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'

export default async function NotFound() {
  const t = await getTranslations('notFound')
  return (
    <PageShell title={t('title')}>
      <p>{t('text')}</p>
      <ButtonLink href="/contracts">{t('home')}</ButtonLink>
    </PageShell>
  )
}
