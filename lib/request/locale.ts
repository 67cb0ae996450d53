// The language of the request that is being answered, and the texts in it.
import { cookies, headers } from 'next/headers'
import { cache } from 'react'
import { currentCustomer } from '../auth/guards.ts'
import { isLocale, LANGUAGE_COOKIE, type Locale, localeOfHeader } from '../i18n/locale.ts'
import { type Namespace, type Translator, translator } from '../i18n/translator.ts'

/** The account's language, else the cookie's, else the browser's, else Albanian. */
export const getLocale = cache(async (): Promise<Locale> => {
  const customer = await currentCustomer()
  if (customer) return customer.language
  const cookie = (await cookies()).get(LANGUAGE_COOKIE)?.value
  return isLocale(cookie) ? cookie : (localeOfHeader((await headers()).get('accept-language')) ?? 'sq')
})

/** The texts of a namespace in the language of the request. */
export const getTranslations = async <Name extends Namespace>(namespace: Name): Promise<Translator<Name>> =>
  translator(await getLocale(), namespace)

/** Texts that data names: which there are depends on the form. */
type AnyTexts = {
  (key: string, values?: Record<string, string | number>): string
  has: (key: string) => boolean
}
export const getAnyTexts = async (namespace: string): Promise<AnyTexts> =>
  (await getTranslations(namespace as 'register')) as unknown as AnyTexts
