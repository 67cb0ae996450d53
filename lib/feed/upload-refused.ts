// What ends the reading of an upload, and counting what comes of it.
import type { UploadReason } from './schema.ts'

/** The upload as a whole is refused; `file`: the name, as it was sent, of the file that is wrong. */
export class UploadRefused extends Error {
  readonly reason: UploadReason
  readonly file: string | null
  constructor(reason: UploadReason, file: string | null = null) {
    super(reason)
    this.reason = reason
    this.file = file
  }
}

/** More than the setting allows has come. */
export class UploadTooLarge extends Error {}

/** Hands on what comes, and throws what `tooMuch` makes as soon as it is more than `most` bytes. */
export const counted = (most: number, tooMuch: () => Error) =>
  async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0
    for await (const piece of source) {
      bytes += piece.length
      if (bytes > most) throw tooMuch()
      yield piece
    }
  }
