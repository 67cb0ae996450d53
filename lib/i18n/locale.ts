// The three languages, and how one is chosen.
import { type Locale, locales } from '../../db/enums.ts'

export { type Locale, locales }

export const LANGUAGE_COOKIE = 'lang'

export const isLocale = (text: unknown): text is Locale => locales.includes(text as Locale)

/** Each language's name, in itself. */
export const languageName: Record<Locale, string> = { sq: 'Shqip', en: 'English', sr: 'Srpski' }

/** What Intl and the `lang` attribute need: Serbian in Latin script, British order of dates. */
export const languageTag: Record<Locale, string> = { sq: 'sq', en: 'en-GB', sr: 'sr-Latn' }

/** The first of our languages that an Accept-Language header asks for; Bosnian, Croatian and Montenegrin readers get Serbian. */
export function localeOfHeader(header: string | null): Locale | undefined {
  const asked = (header ?? '')
    .split(',')
    .map(part => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const quality = parameters.find(parameter => parameter.trim().startsWith('q='))
      return { language: tag.split('-')[0]!, quality: quality ? Number(quality.split('=')[1]) : 1 }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
  for (const { language } of asked) {
    if (isLocale(language)) return language
    if (['bs', 'hr', 'sh', 'cnr'].includes(language)) return 'sr'
  }
  return undefined
}
