// Decodes uploaded pictures and writes them anew: upright, and without what cameras and others hide beside the pixels.
import { fail, ok, type Result } from '../platform/result.ts'

/** Four times what phones make. A picture says its size before anything is decoded. */
const MOST_PIXELS = 50_000_000
export const MOST_MEGAPIXELS = MOST_PIXELS / 1_000_000
/** As many as the small print of a page on a photograph needs. */
const MOST_PIXELS_A_SIDE = 2400
const JPEG_QUALITY = 85
const TIMEOUT_SECONDS = 10

let turn: Promise<unknown> = Promise.resolve()

/** One at a time: a large picture takes a core for most of a second, and up to 150 MB. `documentPixels`: too large, or it took too long. */
export function redrawPicture(
  bytes: Uint8Array,
  type: 'image/jpeg' | 'image/png',
): Promise<Result<Uint8Array, 'documentDamaged' | 'documentPixels'>> {
  const drawn = turn.then(() => redraw(bytes, type))
  turn = drawn.catch(() => {})
  return drawn
}

async function redraw(bytes: Uint8Array, type: 'image/jpeg' | 'image/png') {
  const sharp = await decoder()
  const picture = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
    .timeout({ seconds: TIMEOUT_SECONDS })
    .autoOrient()
    .resize(MOST_PIXELS_A_SIDE, MOST_PIXELS_A_SIDE, { fit: 'inside', withoutEnlargement: true })
  try {
    const drawn = type === 'image/jpeg' ? picture.jpeg({ quality: JPEG_QUALITY }) : picture.png()
    return ok(new Uint8Array(await drawn.toBuffer()))
  } catch (error) {
    const { message } = error as Error
    return fail(/pixel limit|timeout/i.test(message) ? 'documentPixels' : 'documentDamaged')
  }
}

/** Loaded with the first picture: its library is large. It knows many formats, some of which are programs: all but two are off. */
async function decoder() {
  const { default: sharp } = await import('sharp')
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng'] })
  sharp.cache(false)
  sharp.concurrency(1)
  return sharp
}
