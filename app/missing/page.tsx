// What is not there, or not yours: the same page. The server has it made at its start, and sends it wherever an address leads
// to nothing, or with its own words where a request is refused (lib/http/error-pages.ts).
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
