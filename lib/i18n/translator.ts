// Texts outside a request: messages, documents, jobs.
import { createTranslator } from 'next-intl'
import en from '../../messages/en.json' with { type: 'json' }
import sq from '../../messages/sq.json' with { type: 'json' }
import sr from '../../messages/sr.json' with { type: 'json' }
import { type Locale, languageTag } from './locale.ts'

const catalogue = { sq, en, sr } as Record<Locale, typeof en>

const make = <Namespace extends keyof typeof en>(locale: Locale, namespace: Namespace) =>
  createTranslator({ locale: languageTag[locale], messages: catalogue[locale], namespace })

const known = new Map<string, unknown>()

/** The texts of one namespace in a language: made once a process, they cost as much as a document's layout. */
export function translator<Namespace extends keyof typeof en>(
  locale: Locale,
  namespace: Namespace,
): ReturnType<typeof make<Namespace>> {
  const key = `${locale} ${namespace}`
  if (!known.has(key)) known.set(key, make(locale, namespace))
  return known.get(key) as ReturnType<typeof make<Namespace>>
}
