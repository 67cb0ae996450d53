// The texts of a namespace in a language, for pages, messages, documents and jobs alike.
import { createTranslator } from 'next-intl'
import { type Catalogue, catalogue } from './catalogue.ts'
import { type Locale, languageTag } from './locale.ts'

export type Namespace = keyof Catalogue
export type Translator<Name extends Namespace> = ReturnType<typeof make<Name>>

const make = <Name extends Namespace>(locale: Locale, namespace: Name) =>
  createTranslator({
    locale: languageTag[locale],
    messages: catalogue(locale),
    namespace,
    timeZone: 'Europe/Belgrade',
  })

const made = new Map<string, unknown>()

/** Made once a process: reading the patterns of a page's texts costs as much as rendering its layout. */
export function translator<Name extends Namespace>(locale: Locale, namespace: Name): Translator<Name> {
  const key = `${locale} ${namespace}`
  if (!made.has(key)) made.set(key, make(locale, namespace))
  return made.get(key) as Translator<Name>
}
