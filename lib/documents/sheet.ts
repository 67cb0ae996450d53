// A4 pages of a tagged PDF: text, label and value pairs and tables that flow from page to page. Measures are points.
import PDFDocument from 'pdfkit'
import { type Locale, languageTag } from '../i18n/locale.ts'
import { documentFonts } from './fonts.ts'

const PAGE = { width: 595.28, height: 841.89, margin: 48, foot: 64 }
const LINE = 1.3
/** Between columns. */
const GAP = 8
export const INK = '#1b2530'
export const QUIET = '#4a5663'
const RULE = '#c3cbd3'
const TINT = '#f3f5f7'
const LIGHT = '#f2a900'
const RAYS = 'M16 3.5v4M5.5 8.5l3 2.6M26.5 8.5l-3 2.6M2.5 18h4M25.5 18h4M4 28h24'

type Weight = 'regular' | 'bold'
type Style = { weight?: Weight; size?: number; color?: string; align?: 'left' | 'right' }
/** A label and its value; a strong one is what the reader looks for. */
export type Row = { label: string; value: string; strong?: boolean }
export type Column = { title: string; width: number; align?: 'left' | 'right' }

type Structure = PDFKit.PDFStructureElement

export class Sheet {
  /** Where the next block begins, and how wide it may be. */
  x = PAGE.margin
  y = PAGE.margin
  width = PAGE.width - 2 * PAGE.margin
  private readonly document: PDFKit.PDFDocument
  private readonly root: Structure

  /** An empty first page. `title` is shown by readers in place of the file's name. */
  constructor(options: { title: string; author: string; locale: Locale }) {
    const { regular, bold } = documentFonts()
    this.document = new PDFDocument({
      size: 'A4',
      margin: 0,
      bufferPages: true,
      pdfVersion: '1.7',
      tagged: true,
      displayTitle: true,
      lang: languageTag[options.locale],
      info: { Title: options.title, Author: options.author, Creator: 'Drita' },
      // No default font: it would be loaded and never used.
      font: null as unknown as string,
    })
    this.document.registerFont('regular', regular as unknown as string)
    this.document.registerFont('bold', bold as unknown as string)
    this.root = this.document.struct('Document')
    this.document.addStructure(this.root)
  }

  /**
   * Runs `left` and `right` beside each other; what follows starts below the longer. They must not break: a new page
   * begins unless this one has `room` left, at least the height of the taller.
   */
  beside(room: number, left: () => void, right: () => void, gap = 24): void {
    this.makeRoom(room)
    const { x, y, width } = this
    this.width = (width - gap) / 2
    left()
    const below = this.y
    this.x = x + this.width + gap
    this.y = y
    right()
    Object.assign(this, { x, y: Math.max(below, this.y), width })
  }

  /** A heading or paragraph across the present width. */
  text(tag: 'H1' | 'H2' | 'P', text: string, style: Style = {}): void {
    const lines = this.wrap(text, this.width, style)
    const height = lines.length * lineHeight(style)
    // A heading stays with what follows it.
    this.makeRoom(tag === 'P' ? height : height + 48)
    this.add(this.root, tag, {}, () => this.lines(lines, this.x, this.y, this.width, style))
    this.y += height
  }

  space(height: number): void {
    this.y += height
  }

  /** A thin line across the present width; decoration only. */
  rule(): void {
    this.decorate(() =>
      this.document
        .moveTo(this.x, this.y)
        .lineTo(this.x + this.width, this.y)
        .lineWidth(0.75)
        .stroke(RULE),
    )
  }

  /** The portal's mark, a source of light over a line (components/mark.tsx), `size` points wide. */
  private mark(x: number, y: number, size: number): void {
    this.decorate(() => {
      this.document
        .save()
        .translate(x, y)
        .scale(size / 32)
      this.document.circle(16, 17, 6.5).fill(LIGHT)
      this.document.lineWidth(2.6).lineCap('round').path(RAYS).stroke(INK)
      this.document.restore()
    })
  }

  /** Who the document is from, at the top of the first page. */
  brand(name: string, contacts: (string | null)[]): void {
    const { x, width } = this
    const known = contacts.filter(contact => contact !== null)
    this.mark(x, this.y, 34)
    Object.assign(this, { x: x + 46, width: width - 46 })
    this.text('P', name, { weight: 'bold', size: 14 })
    if (known.length > 0) this.text('P', known.join('  ·  '), { size: 9.5, color: QUIET })
    Object.assign(this, { x, y: PAGE.margin + 46, width })
    this.rule()
    this.y += 16
  }

  /**
   * Pairs as a table of two columns. Values to the left start below each other; `amounts` stand at the right edge and
   * are never broken. `tinted` sets the pairs off as a panel.
   */
  pairs(rows: Row[], options: { amounts?: boolean; tinted?: boolean } = {}): void {
    const padding = options.tinted ? 10 : 0
    const inner = this.width - 2 * padding
    const styled = rows.map(row => ({
      ...row,
      labelStyle: { color: QUIET, size: row.strong ? 11 : 9.5 } as Style,
      valueStyle: {
        weight: row.strong ? 'bold' : 'regular',
        size: row.strong ? 12 : 10,
        align: options.amounts ? 'right' : 'left',
      } as Style,
    }))
    const widest = () => Math.max(...styled.map(row => this.widthOf(row.value, row.valueStyle))) + 1
    const labelWidth = options.amounts ? inner - widest() - GAP : inner * 0.42
    const valueWidth = inner - labelWidth - GAP
    const set = styled.map(row => {
      const labels = this.wrap(row.label, labelWidth, row.labelStyle)
      const values = this.wrap(row.value, valueWidth, row.valueStyle)
      const height =
        Math.max(labels.length * lineHeight(row.labelStyle), values.length * lineHeight(row.valueStyle)) + 3
      return { ...row, labels, values, height }
    })
    const total = set.reduce((sum, row) => sum + row.height, 2 * padding)
    this.makeRoom(total)
    if (options.tinted)
      this.decorate(() => this.document.roundedRect(this.x, this.y, this.width, total, 4).fill(TINT))
    this.y += padding
    const table = this.open(this.root, 'Table')
    for (const row of set) {
      const line = this.open(table, 'TR')
      const x = this.x + padding
      this.add(line, 'TH', { scope: 'Row' }, () =>
        this.lines(row.labels, x, this.y, labelWidth, row.labelStyle),
      )
      const at = x + labelWidth + GAP
      this.add(line, 'TD', {}, () => this.lines(row.values, at, this.y, valueWidth, row.valueStyle))
      line.end()
      this.y += row.height
    }
    table.end()
    this.y += padding
  }

  /** A table whose head is repeated on each page. Column widths are shares of the present width. */
  table(columns: Column[], rows: string[][]): void {
    const widths = this.columnWidths(columns, rows)
    const cells = columns.map((column, index) => ({
      ...column,
      width: widths[index]! - (index < columns.length - 1 ? GAP : 0),
      x: this.x + widths.slice(0, index).reduce((sum, width) => sum + width, 0),
    }))
    const headStyle = (align?: 'left' | 'right'): Style => ({ color: QUIET, size: 9, align })
    const heads = cells.map(cell => this.wrap(cell.title, cell.width, headStyle(cell.align)))
    const headHeight = Math.max(...heads.map(lines => lines.length)) * lineHeight({ size: 9 }) + 8
    const drawHead = (draw: (cell: (typeof cells)[number], index: number, run: () => void) => void) => {
      cells.forEach((cell, index) => {
        draw(cell, index, () => this.lines(heads[index]!, cell.x, this.y, cell.width, headStyle(cell.align)))
      })
      this.y += headHeight - 5
      this.rule()
      this.y += 5
    }
    this.makeRoom(headHeight + 40)
    const table = this.open(this.root, 'Table')
    const head = this.open(table, 'TR')
    drawHead((_, __, run) => this.add(head, 'TH', { scope: 'Column' }, run))
    head.end()
    for (const row of rows) {
      const set = cells.map((cell, index) => this.wrap(row[index]!, cell.width, { align: cell.align }))
      const height = Math.max(...set.map(lines => lines.length)) * lineHeight({}) + 4
      if (this.makeRoom(height)) drawHead((_, __, run) => this.decorate(run))
      const line = this.open(table, 'TR')
      cells.forEach((cell, index) => {
        this.add(line, 'TD', {}, () =>
          this.lines(set[index]!, cell.x, this.y, cell.width, { align: cell.align }),
        )
      })
      line.end()
      this.y += height
    }
    table.end()
  }

  /** Writes the foot of every page, and closes the document. */
  finish(foot: (page: number, pages: number) => { left: string; right: string }): Promise<Buffer> {
    const { start, count } = this.document.bufferedPageRange()
    for (let page = start; page < start + count; page++) {
      this.document.switchToPage(page)
      Object.assign(this, { x: PAGE.margin, y: PAGE.height - PAGE.foot + 16 })
      const { left, right } = foot(page + 1, count)
      const style: Style = { color: QUIET, size: 8.5 }
      this.rule()
      this.decorate(() => {
        this.lines(this.wrap(left, this.width - 90, style), this.x, this.y + 8, this.width - 90, style)
        this.lines([right], this.x, this.y + 8, this.width, { ...style, align: 'right' })
      })
    }
    this.root.end()
    return new Promise((resolve, reject) => {
      const parts: Uint8Array[] = []
      this.document.on('data', part => parts.push(part))
      this.document.on('end', () => resolve(Buffer.concat(parts)))
      this.document.on('error', reject)
      this.document.end()
    })
  }

  /** The shares as points; a column of amounts gets what its widest one needs, and the other columns give way. */
  private columnWidths(columns: Column[], rows: string[][]): number[] {
    const unit = this.width / columns.reduce((sum, column) => sum + column.width, 0)
    const needed = columns.map((column, index) => {
      if (column.align !== 'right') return 0
      return Math.max(0, ...rows.map(row => this.widthOf(row[index]!, {}))) + GAP
    })
    const widths = columns.map((column, index) => Math.max(column.width * unit, needed[index]!))
    const over = widths.reduce((sum, width) => sum + width, 0) - this.width
    const flexible = widths.map((width, index) => width - needed[index]!)
    const give = over / flexible.reduce((sum, width) => sum + width, 0)
    return widths.map((width, index) => width - flexible[index]! * give)
  }

  /** Starts a page where `height` does not fit this one; true if it did. */
  private makeRoom(height: number): boolean {
    if (this.y + height <= PAGE.height - PAGE.foot) return false
    this.document.addPage()
    this.y = PAGE.margin
    return true
  }

  private open(parent: Structure, tag: string): Structure {
    const element = this.document.struct(tag)
    parent.add(element)
    return element
  }

  private add(parent: Structure, tag: string, options: { scope?: 'Row' | 'Column' }, draw: () => void): void {
    parent.add(this.document.struct(tag, options as object, draw))
  }

  private decorate(draw: () => void): void {
    this.document.markContent('Artifact')
    draw()
    this.document.endMarkedContent()
  }

  private lines(lines: string[], x: number, y: number, width: number, style: Style): void {
    this.choose(style)
    this.document.fillColor(style.color ?? INK)
    lines.forEach((line, index) => {
      const shift = style.align === 'right' ? width - this.document.widthOfString(line) : 0
      this.document.text(line, x + shift, y + index * lineHeight(style), { lineBreak: false })
    })
  }

  private choose(style: Style): void {
    this.document.font(style.weight ?? 'regular').fontSize(style.size ?? 10)
  }

  private widthOf(text: string, style: Style): number {
    this.choose(style)
    return this.document.widthOfString(text)
  }

  /** Breaks at spaces; a word wider than the line is cut. */
  private wrap(text: string, width: number, style: Style): string[] {
    this.choose(style)
    const fits = (line: string) => this.document.widthOfString(line) <= width
    if (fits(text)) return [text]
    const lines: string[] = []
    let line = ''
    for (const word of text.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`
      if (fits(longer)) {
        line = longer
        continue
      }
      if (line !== '') lines.push(line)
      line = word
      while (!fits(line)) {
        let end = line.length - 1
        while (end > 1 && !fits(line.slice(0, end))) end--
        lines.push(line.slice(0, end))
        line = line.slice(end)
      }
    }
    return [...lines, line]
  }
}

const lineHeight = (style: Style) => (style.size ?? 10) * LINE
