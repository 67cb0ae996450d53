// Texts outside a request: messages, documents, jobs.
import { createTranslator } from 'next-intl'
import en from '../../messages/en.json' with { type: 'json' }
import sq from '../../messages/sq.json' with { type: 'json' }
import sr from '../../messages/sr.json' with { type: 'json' }
import { type Locale, languageTag } from './locale.ts'

const catalogue = { sq, en, sr } as Record<Locale, typeof en>

/** The texts of one namespace in a language. */
export const translator = <Namespace extends keyof typeof en>(locale: Locale, namespace: Namespace) =>
  createTranslator({ locale: languageTag[locale], messages: catalogue[locale], namespace })
