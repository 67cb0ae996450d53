// QR codes and barcodes as dark bars of a grid, for the PDF and for the page alike.
import JsBarcode from 'jsbarcode'
import { encode } from 'uqr'

/** Dark bars on a grid of modules, each one module high; a barcode has one row. The quiet zone is left to the drawer. */
export type Code = { columns: number; rows: number; bars: { x: number; y: number; width: number }[] }

/** How many modules must stay white on each side (ISO/IEC 18004 and 15417). */
export const QUIET_ZONE = { qr: 4, barcode: 10 }

/** UTF-8 bytes of a QR code for paying: what version 13 holds at level M, the European banks' most (EPC069-12). */
const MOST_BYTES = 331

export const fitsQrCode = (text: string): boolean => Buffer.byteLength(text) <= MOST_BYTES

/** Level M: a seventh of it may be dirty or torn. Up to 2,331 bytes of UTF-8. */
export function qrCode(text: string): Code {
  const { size, data } = encode(text, { ecc: 'M', border: 0 })
  return { columns: size, rows: size, bars: data.flatMap((row, y) => barsOf(row, y)) }
}

/** Code 128 of printable ASCII, with as many digits as can be in pairs. */
export function barcode(text: string): Code {
  const target: { encodings?: { data: string }[] } = {}
  JsBarcode(target, text, { format: 'CODE128' })
  const modules = Array.from(target.encodings![0]!.data, module => module === '1')
  return { columns: modules.length, rows: 1, bars: barsOf(modules, 0) }
}

function barsOf(row: boolean[], y: number): Code['bars'] {
  const bars: Code['bars'] = []
  row.forEach((dark, x) => {
    if (!dark) return
    if (row[x - 1]) bars.at(-1)!.width += 1
    else bars.push({ x, y, width: 1 })
  })
  return bars
}

/** The bars as the path of an SVG whose unit is a module. */
export const svgPath = ({ bars }: Code): string =>
  bars.map(({ x, y, width }) => `M${x} ${y}h${width}v1h-${width}z`).join('')
