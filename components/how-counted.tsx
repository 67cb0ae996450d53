// How a request's time limit was counted, folded away: for its owner and for staff.
import { howCounted } from '@/lib/cases/deadline-words.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'

export function HowCounted({ one, locale }: { one: Parameters<typeof howCounted>[0]; locale: Locale }) {
  const words = howCounted(one, locale)
  if (words.length === 0) return null
  return (
    <details className="text-sm">
      <summary className="more">{translator(locale, 'requests')('limit.how')}</summary>
      {words.map(line => (
        <p key={line}>{line}</p>
      ))}
    </details>
  )
}
