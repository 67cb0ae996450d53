// The address of the estimate, to copy and to send.
import { CopyButton } from '@/components/copy-button.tsx'
import { env } from '@/lib/platform/env.ts'
import { getTranslations } from '@/lib/request/locale.ts'

/** `path`: it says nothing of the reader. */
export async function Share({ path }: { path: string }) {
  const t = await getTranslations('estimator')
  return (
    <section className="card print:hidden" aria-labelledby="share">
      <h2 id="share">{t('share')}</h2>
      <p className="text-sm text-muted">{t('shareText')}</p>
      <p>
        <label htmlFor="link" className="sr-only">
          {t('link')}
        </label>
        <input id="link" className="input code" readOnly data-live="link" value={`${env().APP_URL}${path}`} />
      </p>
      <p>
        <CopyButton of="link" label={t('copy')} done={t('copied')} />
      </p>
    </section>
  )
}
