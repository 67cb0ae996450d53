// What a phone is told that puts the portal on its home screen, in the language of the page that leads here.
import { notFound } from 'next/navigation'
import { isLocale, languageTag } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'

export async function GET(
  _: Request,
  { params }: { params: Promise<{ locale: string }> },
): Promise<Response> {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const manifest = {
    id: '/',
    name: 'Drita',
    short_name: 'Drita',
    description: translator(locale, 'shell')('description'),
    lang: languageTag[locale],
    start_url: '/contracts',
    scope: '/',
    // With the browser's way back: a payment leads to a bank and returns.
    display: 'minimal-ui',
    theme_color: '#12324d',
    background_color: '#fbf7ef',
    icons: [
      { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
      ...[192, 512].map(size => ({ src: `/icon-${size}.png`, sizes: `${size}x${size}`, type: 'image/png' })),
      { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  }
  return new Response(JSON.stringify(manifest), { headers: { 'Content-Type': 'application/manifest+json' } })
}
