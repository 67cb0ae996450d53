// What stands on a page, read without a browser.
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' }

export const decodeHtml = (text: string): string =>
  text
    .replace(/&#x([\da-f]+);|&#(\d+);/gi, (_, hex, digits) =>
      String.fromCodePoint(Number(hex ? `0x${hex}` : digits)),
    )
    .replace(/&(amp|lt|gt|quot);/g, (_, name: string) => NAMED[name]!)
