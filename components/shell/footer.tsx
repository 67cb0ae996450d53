// The foot of every page.
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { Static } from '../static.tsx'

export function Footer({ locale }: { locale: Locale }) {
  const t = translator(locale, 'shell')
  return (
    <Static as="footer" className="site-footer" once={`foot ${locale}`}>
      <div className="wrap actions">
        {(['help', 'verify', 'terms', 'privacy', 'refunds'] as const).map(page => (
          <a key={page} href={`/${page}`}>
            {t(page)}
          </a>
        ))}
        <span className="text-muted">{t('footer')}</span>
      </div>
    </Static>
  )
}
