// Bars over months, as a figure of a document. Measures are points; places of bars are shares of the figure's width and height.
import { draw, INK, QUIET, type Style, set, widthOf } from './typesetter.ts'

export type BarLook = 'plain' | 'hatched' | 'missing' | 'last'

export type Bar = {
  left: number
  middle: number
  width: number
  top: number
  height: number
  look: BarLook
  /** Below the bar. */
  label: string
  /** Above the bar; most have none. */
  figure?: string
}

/** `lines`: heights of round numbers. `zero`: where the bars stand. */
export type BarChart = { bars: Bar[]; lines: number[]; zero: number }

/** Above the bars stands a figure, below them a label. */
const ABOVE = 12
const BELOW = 13
const MISSING = 18
const COLORS = { plain: '#6f8aa1', edge: '#7a4b00', last: '#f2a900', line: '#e2d8c4', missing: '#7a746a' }
const LABEL: Style = { size: 7.5, color: QUIET }
const STRONG: Style = { size: 7.5, weight: 'bold', color: INK }

type Box = { x: number; y: number; width: number; height: number }

export function drawBarChart(document: PDFKit.PDFDocument, { bars, lines, zero }: BarChart, box: Box): void {
  const room = box.height - ABOVE - BELOW
  const y = (share: number) => box.y + ABOVE + share * room
  const place = ({ left, width, top, height }: Bar) =>
    [box.x + left * box.width, y(top), width * box.width, height * room] as const
  const of = (look: BarLook) => bars.filter(bar => bar.look === look)
  for (const line of lines) document.moveTo(box.x, y(line)).lineTo(box.x + box.width, y(line))
  document.lineWidth(0.5).stroke(COLORS.line)
  if (of('plain').length > 0) {
    for (const bar of of('plain')) document.rect(...place(bar))
    document.fill(COLORS.plain)
  }
  for (const bar of of('hatched')) hatch(document, ...place(bar))
  for (const bar of of('last'))
    document
      .lineWidth(1)
      .rect(...place(bar))
      .fillAndStroke(COLORS.last, COLORS.edge)
  for (const bar of of('missing')) {
    const [x, , width] = place(bar)
    document.lineWidth(0.75).dash(2, { space: 2 })
    document
      .rect(x, y(zero) - MISSING, width, MISSING)
      .stroke(COLORS.missing)
      .undash()
  }
  document
    .moveTo(box.x, y(zero))
    .lineTo(box.x + box.width, y(zero))
    .lineWidth(0.8)
    .stroke(COLORS.missing)
  for (const bar of bars) {
    const middle = box.x + bar.middle * box.width
    write(document, bar.label, middle, box.y + box.height - 10, bar.look === 'last' ? STRONG : LABEL)
    if (bar.figure === undefined) continue
    if (bar.look === 'missing') write(document, bar.figure, middle, y(zero) - MISSING + 5, LABEL)
    else write(document, bar.figure, middle, y(bar.top) - 10.5, STRONG, true)
  }
}

/** Estimated: it must differ on black and white paper, too. */
function hatch(document: PDFKit.PDFDocument, x: number, top: number, width: number, height: number): void {
  if (height <= 0) return
  document.save().rect(x, top, width, height).clip()
  for (let at = -height; at < width; at += 4)
    document.moveTo(x + at, top + height).lineTo(x + at + height, top)
  document.lineWidth(1.3).stroke(COLORS.plain).restore()
  document.lineWidth(1).rect(x, top, width, height).stroke(COLORS.plain)
}

/** `clear`: nothing of the lines shows behind it. */
function write(
  document: PDFKit.PDFDocument,
  text: string,
  middle: number,
  y: number,
  style: Style,
  clear = false,
): void {
  const width = widthOf(text, style)
  if (clear) document.rect(middle - width / 2 - 1.5, y + 0.5, width + 3, 8.5).fill('#ffffff')
  draw(document, set({ text }, width + 1, style), middle - width / 2, y)
}
