// Decodes uploaded pictures and writes them anew: upright, and without what cameras and others hide beside the pixels.
import type { Metadata } from 'sharp'
import { fail, ok, type Result } from '../platform/result.ts'

/** Four times what phones make. A picture says its size before anything is decoded. */
const MOST_PIXELS = 50_000_000
export const MOST_MEGAPIXELS = MOST_PIXELS / 1_000_000
/** A pixel wide and as high as all of these is no document, and takes ten times as long. */
const MOST_PIXELS_A_SIDE = 12_000
/** As many pixels in the three colours of a photograph; with transparency, or two bytes a colour, it is fewer. */
const MOST_DECODED_BYTES = 3 * MOST_PIXELS
const SAMPLE_BYTES: Record<string, number> = { uchar: 1, ushort: 2 }
/** As many as the small print of a page on a photograph needs. */
const REDRAWN_PIXELS_A_SIDE = 2400
const JPEG_QUALITY = 85
/** Many times what the largest takes on an idle machine. */
const TIMEOUT_SECONDS = 5

/** People behind each other in a queue, at most so many; of `strangers` nobody with an account waits for anyone. */
export type PictureQueue = 'accounts' | 'strangers'
const MOST_WAITING = 8
const queues: Record<PictureQueue, { last: Promise<unknown>; length: number }> = {
  accounts: { last: Promise.resolve(), length: 0 },
  strangers: { last: Promise.resolve(), length: 0 },
}

/**
 * One at a time of a queue: a large picture takes a core for most of a second, and up to 150 MB. `documentPixels`: too
 * large, or it took too long. `documentBusy`: too many wait already.
 */
export async function redrawPicture(
  bytes: Uint8Array,
  type: 'image/jpeg' | 'image/png',
  of: PictureQueue,
): Promise<Result<Uint8Array, 'documentDamaged' | 'documentPixels' | 'documentBusy'>> {
  const queue = queues[of]
  if (queue.length >= MOST_WAITING) return fail('documentBusy')
  queue.length += 1
  const drawn = queue.last.then(() => redraw(bytes, type))
  queue.last = drawn.catch(() => {})
  return drawn.finally(() => {
    queue.length -= 1
  })
}

async function redraw(bytes: Uint8Array, type: 'image/jpeg' | 'image/png') {
  const sharp = await decoder()
  try {
    const picture = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
    if (isTooLarge(await picture.metadata())) return fail('documentPixels')
    picture
      .timeout({ seconds: TIMEOUT_SECONDS })
      .autoOrient()
      .resize(REDRAWN_PIXELS_A_SIDE, REDRAWN_PIXELS_A_SIDE, { fit: 'inside', withoutEnlargement: true })
    const drawn = type === 'image/jpeg' ? picture.jpeg({ quality: JPEG_QUALITY }) : picture.png()
    return ok(new Uint8Array(await drawn.toBuffer()))
  } catch (error) {
    const { message } = error as Error
    return fail(/pixel limit|timeout/i.test(message) ? 'documentPixels' : 'documentDamaged')
  }
}

/** By what the picture says of itself; nothing is decoded yet. */
function isTooLarge({ width, height, channels, depth }: Metadata): boolean {
  const sampleBytes = SAMPLE_BYTES[depth] ?? Number.POSITIVE_INFINITY
  return (
    Math.max(width, height) > MOST_PIXELS_A_SIDE ||
    width * height * channels * sampleBytes > MOST_DECODED_BYTES
  )
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
