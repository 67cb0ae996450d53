// The payment part at the foot of an invoice's PDF.
import { plain, type Row } from '../i18n/words.ts'
import { BETWEEN, LABEL, type Piece, type Sheet } from '../pdf/sheet.ts'
import { QUIET, set, styleOf, widthOf, wordWidth } from '../pdf/typesetter.ts'
import { barcode, QUIET_ZONE, qrCode } from '../platform/barcodes.ts'
import type { PaymentPart } from './invoice-content.ts'

/** Points; a module of the barcode is 0.34 mm, and 0.18 mm at least. */
const QR_SIZE = 106
const BARCODE = { height: 30, module: 0.95, leastModule: 0.51 }
/** Between the line to cut along and what is cut off. */
const ABOVE = 10
const HINT = { size: 7.5, color: QUIET }
/** Of the codes that are copied by hand: the largest in which none of them is broken, where there is one. */
const REFERENCE_SIZES = [12.5, 11, 10, 9]
/** An IBAN is long. */
const TRANSFER_SIZES = [10, 9]
const ABOVE_TRANSFER = 6

/** At the foot of the last page, below a line to cut along; on a page of its own where the foot is taken. */
export function paymentPart(sheet: Sheet, part: PaymentPart): Piece {
  const { x, width } = sheet
  const inner = width - QR_SIZE - 28
  sheet.width = inner
  const amounts = sheet.strip(part.amounts, { shares: [58, 42], size: 12, strong: 19 })
  const references = sheet.strip(part.references, { size: referenceSize(part.references, inner) })
  const transfer = part.transfer.map(rows =>
    sheet.strip(rows, { size: referenceSize(rows, inner, TRANSFER_SIZES) }),
  )
  const bars = barcode(part.code)
  const { hint, code, qrAlt } = part.bankApp ?? part
  const module = Math.min(BARCODE.module, inner / (bars.columns + QUIET_ZONE.barcode))
  const hasBarcode = module >= BARCODE.leastModule
  sheet.width = width

  const texts = 15 + set(plain(hint), inner, HINT).height + amounts.height + references.height
  const transfers = transfer.reduce((sum, { height }) => sum + ABOVE_TRANSFER + height, 0)
  const left = texts + 6 + 8 + transfers + (hasBarcode ? 9 + BARCODE.height : 0)
  const height = ABOVE + Math.max(left, 4 + QR_SIZE)
  const drawIt = () => {
    sheet.atFoot(height)
    sheet.rule('dashed')
    sheet.space(ABOVE)
    const top = sheet.y
    sheet.width = inner
    sheet.text('H2', part.title, { weight: 'bold', size: 12 }).draw()
    sheet.text('P', plain(hint), HINT).draw()
    sheet.space(6)
    amounts.draw()
    sheet.space(8)
    references.draw()
    for (const line of transfer) {
      sheet.space(ABOVE_TRANSFER)
      line.draw()
    }
    if (hasBarcode) {
      sheet.space(9)
      sheet.code(bars, part.barcodeAlt, {
        x,
        y: sheet.y,
        width: module * bars.columns,
        height: BARCODE.height,
      })
    }
    const box = { x: x + width - QR_SIZE, y: top + 4, width: QR_SIZE, height: QR_SIZE }
    if (qrAlt) sheet.code(qrCode(code), qrAlt, box)
    Object.assign(sheet, { x, width })
  }
  return { height, draw: drawIt }
}

function referenceSize(references: Row[], width: number, sizes = REFERENCE_SIZES): number {
  const fits = (size: number) => {
    const widthAt = ({ label, value, strong }: Row) => {
      const style = styleOf(value, { size, weight: strong ? 'bold' : 'regular' })
      return Math.max(wordWidth(label, LABEL), widthOf(value.text, style)) + BETWEEN
    }
    return references.reduce((sum, reference) => sum + widthAt(reference), 0) <= width
  }
  return sizes.find(fits) ?? sizes[0]!
}
