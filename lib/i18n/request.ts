// The language of a request: the account's, else the cookie's, else the browser's, else Albanian.
import { cookies, headers } from 'next/headers'
import { getRequestConfig } from 'next-intl/server'
import en from '../../messages/en.json' with { type: 'json' }
import sq from '../../messages/sq.json' with { type: 'json' }
import sr from '../../messages/sr.json' with { type: 'json' }
import { currentCustomer } from '../auth/guards.ts'
import { isLocale, LANGUAGE_COOKIE, type Locale, localeOfHeader } from './locale.ts'

const catalogue = { sq, en, sr } as Record<Locale, typeof en>

export default getRequestConfig(async () => {
  const cookie = (await cookies()).get(LANGUAGE_COOKIE)?.value
  const customer = await currentCustomer()
  const locale =
    customer?.language ??
    (isLocale(cookie) ? cookie : undefined) ??
    localeOfHeader((await headers()).get('accept-language')) ??
    'sq'
  return { locale, messages: catalogue[locale], timeZone: 'Europe/Belgrade' }
})
