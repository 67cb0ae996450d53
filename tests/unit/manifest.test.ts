// What a phone puts on its home screen: words of each language, and pictures of the sizes it is told.
import fs from 'node:fs'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { GET } from '../../app/manifest/[locale]/route.ts'
import { locales } from '../../lib/i18n/locale.ts'

type Manifest = {
  lang: string
  description: string
  icons: { src: string; sizes: string; purpose?: string }[]
}

const manifestIn = async (locale: string): Promise<Manifest> => {
  const request = new Request('https://drita.example/manifest')
  return (await GET(request, { params: Promise.resolve({ locale }) })).json()
}

it('speaks the language of the page', async () => {
  const all = await Promise.all(locales.map(manifestIn))
  expect(new Set(all.map(({ description }) => description)).size).toBe(3)
  expect(all.map(({ lang }) => lang)).toEqual(['sq', 'en-GB', 'sr-Latn'])
})

it('names pictures that are there, as large as it says, one of which fills any shape', async () => {
  const { icons } = await manifestIn('sq')
  for (const { src, sizes, purpose } of icons) {
    const file = `public${src}`
    expect(fs.existsSync(file), src).toBe(true)
    if (sizes === 'any') continue
    const { width, height } = await sharp(file).metadata()
    expect(`${width}x${height}`).toBe(sizes)
    const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
    const corner = data[info.channels - 1]
    expect(corner, src).toBe(purpose === 'maskable' ? 255 : 0)
  }
  expect(icons.filter(({ purpose }) => purpose === 'maskable')).toHaveLength(1)
})
