// What is not there, or not yours: the same page. The server has it made at its start, and sends it wherever an address leads
// to nothing, or with its own words where a request is refused (lib/http/error-pages.ts).
import { Land } from '@/components/sky.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { getTranslations } from '@/lib/request/locale.ts'

export default async function MissingPage() {
  const t = await getTranslations('notFound')
  return (
    <>
      <title>{`${t('title')} · Drita`}</title>
      <div className="sky big front">
        <div className="wrap stack">
          <h1>{t('title')}</h1>
          <p className="lead">{t('text')}</p>
          <p className="actions">
            <ButtonLink href="/">{t('home')}</ButtonLink>
            <a href="/help">{t('help')}</a>
          </p>
        </div>
        <Land dim />
      </div>
    </>
  )
}
