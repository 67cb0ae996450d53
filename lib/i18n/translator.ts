// The texts of a namespace in a language, for pages, messages, documents and jobs alike.

import { IntlMessageFormat } from 'intl-messageformat'
import { _createCache, _createIntlFormatters, createTranslator } from 'next-intl'
import { PORTAL_ZONE } from '../platform/dates.ts'
import { type Catalogue, catalogue } from './catalogue.ts'
import { type Locale, languageTag } from './locale.ts'

export type Namespace = keyof Catalogue
export type Translator<Name extends Namespace> = ReturnType<typeof make<Name>>

type MessageFormat = ConstructorParameters<typeof IntlMessageFormat>

/**
 * The library finds a text that it has read by writing all that it reads it with as JSON, which takes longer than to fill the text. Here
 * that is the same for all texts of a language.
 */
function formatters() {
  const read = new Map<string, IntlMessageFormat>()
  const own = _createIntlFormatters(_createCache())
  return {
    ...own,
    getMessageFormat: (...[message, locale, formats, options]: MessageFormat) => {
      const known = read.get(String(message))
      if (known) return known
      const made = new IntlMessageFormat(message, locale, formats, { formatters: own, ...options })
      read.set(String(message), made)
      return made
    },
  }
}

const make = <Name extends Namespace>(locale: Locale, namespace: Name) =>
  createTranslator({
    locale: languageTag[locale],
    messages: catalogue(locale),
    namespace,
    timeZone: PORTAL_ZONE,
    _formatters: formatters(),
  })

const made = new Map<string, unknown>()

/** Made once a process: reading the patterns of a page's texts costs as much as rendering its layout. */
export function translator<Name extends Namespace>(locale: Locale, namespace: Name): Translator<Name> {
  const key = `${locale} ${namespace}`
  if (!made.has(key)) made.set(key, make(locale, namespace))
  return made.get(key) as Translator<Name>
}
