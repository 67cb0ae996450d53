// What is not there, or not yours: the same page. The server sends it wherever an address leads to nothing.
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { getTranslations } from '@/lib/request/locale.ts'

export default async function MissingPage() {
  const t = await getTranslations('notFound')
  return (
    <PageShell title={t('title')}>
      <p>{t('text')}</p>
      <ButtonLink href="/contracts">{t('home')}</ButtonLink>
    </PageShell>
  )
}
