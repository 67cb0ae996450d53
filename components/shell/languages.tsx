// The three languages: links, and on a page with a form buttons of it, which take along what was typed (app/globals.css chooses).
import { MAIN_FORM } from '@/lib/forms/state.ts'
import { type Locale, languageName, languageTag, locales } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { Icon } from '../ui/icon.tsx'

export function LanguageChoice({ current, address }: { current: Locale; address: string }) {
  const ways = locales.map(locale => ({
    locale,
    lang: languageTag[locale],
    href: `/language/${locale}?to=${encodeURIComponent(address)}`,
    'aria-current': locale === current ? ('true' as const) : undefined,
  }))
  return (
    <nav aria-label={translator(current, 'shell')('languages')}>
      {/* What Enter in a field presses, which is the first button of its form in the page: none of those below. */}
      <button type="submit" form={MAIN_FORM} className="sr-only" tabIndex={-1} aria-hidden="true" />
      <ul className="language-links">
        <Globe />
        {ways.map(({ locale, ...way }) => (
          <li key={locale}>
            <a {...way}>{languageName[locale]}</a>
          </li>
        ))}
      </ul>
      <ul className="language-buttons">
        <Globe />
        {ways.map(({ locale, href, ...way }) => (
          <li key={locale}>
            <button
              {...way}
              type="submit"
              form={MAIN_FORM}
              formAction={href}
              formMethod="post"
              formEncType="application/x-www-form-urlencoded"
              formNoValidate
            >
              {languageName[locale]}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const Globe = () => (
  <li aria-hidden="true">
    <Icon name="globe" />
  </li>
)
