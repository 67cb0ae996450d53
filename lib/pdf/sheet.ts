// A4 pages of a tagged PDF: text, pairs, strips and tables that flow from page to page. Measures are points.
import PDFDocument from 'pdfkit'
import { type Locale, languageTag } from '../i18n/locale.ts'
import type { Row, Words } from '../i18n/words.ts'
import type { Code } from '../platform/barcodes.ts'
import { packObjects } from './pack.ts'
import {
  besideWidth,
  draw,
  INK,
  lineHeight,
  QUIET,
  type Style,
  set,
  underWidth,
  widthOf,
  wordWidth,
} from './typesetter.ts'
import { fairWidths, sharedWidths } from './widths.ts'

const PAGE = { width: 595.28, height: 841.89, margin: 44, top: 28 }
/** Above the foot of the page. */
const BOTTOM = PAGE.height - 40
/** What follows a heading on its page, at least. */
const KEPT = 48
/** How high may be what is not broken: a page but its head, and a heading's rest. */
const WHOLE = BOTTOM - PAGE.top - 80
/** Height of the sender's band. */
const BRAND = 40
/** Of a value below it, and of a column. */
export const LABEL: Style = { size: 8.5, color: QUIET }
/** Between columns, and between the values of a strip. */
const GAP = 8
export const BETWEEN = 12
const RULE = '#c3cbd3'
const TINT = '#f3f5f7'
const LIGHT = '#f2a900'
const RAYS = 'M16 3.5v4M5.5 8.5l3 2.6M26.5 8.5l-3 2.6M2.5 18h4M25.5 18h4M4 28h24'

export type Column = { title: Words; width: number; align?: 'left' | 'right' }

/** Laid out, so that its height is known; drawn where the sheet stands by then, which stands below it afterwards. */
export type Piece = { height: number; draw: () => void }

function drawAll(pieces: Piece[]): void {
  for (const piece of pieces) piece.draw()
}

type Structure = PDFKit.PDFStructureElement
type Attributes = { scope?: 'Row' | 'Column'; alt?: string; bbox?: number[] }
type Tag = 'H1' | 'H2' | 'P'

export class Sheet {
  /** Where the next block begins, and how wide it may be. */
  x = PAGE.margin
  y = PAGE.top
  width = PAGE.width - 2 * PAGE.margin
  /** Where this page's content begins. */
  private top = PAGE.top
  private readonly document: PDFKit.PDFDocument
  private readonly root: Structure
  private readonly written: Uint8Array[]
  private readonly continued: string

  /**
   * An empty first page. `title` is shown by readers in place of the file's name; `continued` heads every page but the
   * first. `madeAt` comes from what the document says, so that the same document is the same file.
   */
  constructor(options: { title: string; author: string; locale: Locale; continued: string; madeAt: Date }) {
    this.continued = options.continued
    this.document = new PDFDocument({
      size: 'A4',
      margin: 0,
      bufferPages: true,
      pdfVersion: '1.7',
      tagged: true,
      displayTitle: true,
      lang: languageTag[options.locale],
      info: {
        Title: options.title,
        Author: options.author,
        Creator: 'Drita',
        CreationDate: options.madeAt,
        ModDate: options.madeAt,
      },
      // No default font: it would be loaded and never used.
      font: null as unknown as string,
    })
    // pdfkit writes as a stream, in hundreds of pieces at once: taken as they come, they cost a tenth less time.
    this.written = [this.document.read()]
    this.document.push = piece => piece !== null && this.written.push(piece) > 0
    this.root = this.document.struct('Document')
    this.document.addStructure(this.root)
  }

  /**
   * The pieces of `left` and of `right` beside each other, on one page; equally wide unless the right one's width is
   * given. What is too high for a page stands below each other, and may break.
   */
  beside(left: () => Piece[], right: () => Piece[], rightWidth?: number, gap = 24): Piece {
    const { width } = this
    const second = rightWidth ?? (width - gap) / 2
    const lay = (pieces: () => Piece[], across: number) => {
      this.width = across
      const laid = pieces()
      this.width = width
      return { across, laid, height: laid.reduce((sum, piece) => sum + piece.height, 0) }
    }
    const columns = [lay(left, width - gap - second), lay(right, second)]
    const height = Math.max(...columns.map(column => column.height))
    if (height > WHOLE) {
      const below = lay(() => [...left(), this.gap(gap / 2), ...right()], width)
      return { height: below.height, draw: () => drawAll(below.laid) }
    }
    return {
      height,
      draw: () => {
        this.makeRoom(height + KEPT)
        const { x, y } = this
        columns.forEach(({ across, laid }, column) => {
          Object.assign(this, { x: column === 0 ? x : x + width - across, y, width: across })
          drawAll(laid)
        })
        Object.assign(this, { x, y: y + height, width })
      },
    }
  }

  /** A heading or paragraph across the present width. */
  text(tag: Tag, words: Words, style: Style = {}): Piece {
    const block = set(words, this.width, style)
    return {
      height: block.height,
      draw: () => {
        // A heading stays with what follows it.
        this.makeRoom(tag === 'P' ? block.height : block.height + KEPT)
        this.add(this.root, tag, {}, () => draw(this.document, block, this.x, this.y))
        this.y += block.height
      },
    }
  }

  gap(height: number): Piece {
    return { height, draw: () => this.space(height) }
  }

  space(height: number): void {
    this.y += height
  }

  /** Goes on `height` above the foot of the last page; of a new one where that is taken. */
  atFoot(height: number): void {
    this.makeRoom(height)
    this.y = BOTTOM - height
  }

  /** A line across the present width; decoration only. Dashed: where to cut. */
  rule(dashed = false): void {
    this.decorate(() => {
      const line = this.document.moveTo(this.x, this.y).lineTo(this.x + this.width, this.y)
      if (dashed) line.dash(3, { space: 3 })
      line.lineWidth(0.75).stroke(dashed ? QUIET : RULE)
      if (dashed) line.undash()
    })
  }

  /** Who the document is from, at the top of the first page, with the portal's mark (components/mark.tsx). */
  brand(name: string, contacts: (string | null)[], alt: string): void {
    const { x, y, width } = this
    const known = contacts.filter(contact => contact !== null)
    this.figure(alt, { x, y, width: 34, height: 34 }, () => {
      this.document
        .save()
        .translate(x, y)
        .scale(34 / 32)
      this.document.circle(16, 17, 6.5).fill(LIGHT)
      this.document.lineWidth(2.6).lineCap('round').path(RAYS).stroke(INK)
      this.document.restore()
    })
    Object.assign(this, { x: x + 46, width: width - 46, y: y + (known.length > 0 ? 1 : 8) })
    this.text('P', { text: name }, { weight: 'bold', size: 14 }).draw()
    if (known.length > 0) this.text('P', { text: known.join('  ·  ') }, { size: 9, color: QUIET }).draw()
    Object.assign(this, { x, y: PAGE.top + BRAND, width })
    this.rule()
    this.y += 8
  }

  /** The heading of the document, and what became of it (paid, cancelled) in a frame above it at the right edge. */
  title(words: Words, stamp?: { words: Words; color: string }): void {
    this.text('H1', words, { weight: 'bold', size: 19 }).draw()
    if (!stamp) return
    const style: Style = { weight: 'bold', size: 12.5, color: stamp.color }
    const inner = Math.max(widthOf(stamp.words.text, style), widthOf(stamp.words.also ?? '', style))
    const mark = set(stamp.words, inner + 1, style)
    const [left, height] = [this.x + this.width - inner - 20, mark.height + 8]
    const top = PAGE.top + BRAND - 6 - height
    this.decorate(() =>
      this.document
        .roundedRect(left, top, inner + 20, height, 4)
        .lineWidth(1.5)
        .stroke(stamp.color),
    )
    this.add(this.root, 'P', {}, () => draw(this.document, mark, left + 10, top + 4))
  }

  /** Dark bars, `width` × `height` points; the caller leaves white around them. `alt` says what they hold. */
  code(code: Code, alt: string, box: { x: number; y: number; width: number; height: number }): void {
    const [across, down] = [box.width / code.columns, box.height / code.rows]
    this.figure(alt, box, () => {
      this.document.save().translate(box.x, box.y).scale(across, down)
      for (const { x, y, width } of code.bars) this.document.rect(x, y, width, 1)
      this.document.fill('#000000').restore()
    })
  }

  /** A square code at the right edge of the present width, `quiet` points of white above and below it. */
  square(code: Code, alt: string, size: number, quiet: number): Piece {
    return {
      height: size + 2 * quiet,
      draw: () => {
        this.makeRoom(size + 2 * quiet)
        const box = { x: this.x + this.width - size, y: this.y + quiet, width: size, height: size }
        this.code(code, alt, box)
        this.y += size + 2 * quiet
      },
    }
  }

  /**
   * Pairs as a table of two columns. Values to the left start below each other; `amounts` stand at the right edge and
   * are never broken. `tinted` sets the pairs off as a panel.
   */
  pairs(rows: Row[], options: { amounts?: boolean; tinted?: boolean; labels?: number } = {}): Piece {
    const padding = options.tinted ? 9 : 0
    const inner = this.width - 2 * padding
    const styled = rows.map(row => ({
      ...row,
      labelStyle: { color: QUIET, size: row.strong ? 10.5 : 9 } as Style,
      valueStyle: {
        weight: row.strong ? 'bold' : 'regular',
        size: row.strong ? 11.5 : 9.5,
        align: options.amounts ? 'right' : 'left',
      } as Style,
    }))
    // An amount is never broken, and no word of a value: a code cut in two is no code.
    const whole = ({ text }: Words) => (options.amounts ? [text] : text.split(' '))
    const widest =
      Math.max(...styled.flatMap(row => whole(row.value).map(word => widthOf(word, row.valueStyle)))) + 1
    const share = options.amounts ? 1 : (options.labels ?? 0.44)
    const labelWidth = Math.max(inner * 0.3, Math.min(inner * share, inner - widest - GAP))
    const valueWidth = inner - labelWidth - GAP
    const blocks = styled.map(row => {
      const label = set(row.label, labelWidth, row.labelStyle)
      const value = set(row.value, valueWidth, row.valueStyle)
      return { label, value, height: Math.max(label.height, value.height) + 2 }
    })
    const total = blocks.reduce((sum, { height }) => sum + height, 2 * padding)
    return {
      height: total,
      draw: () => {
        if (total <= WHOLE) this.makeRoom(total)
        if (options.tinted && total <= WHOLE)
          this.decorate(() => this.document.roundedRect(this.x, this.y, this.width, total, 4).fill(TINT))
        this.y += padding
        const x = this.x + padding
        const table = this.open(this.root, 'Table')
        for (const { label, value, height } of blocks) {
          this.makeRoom(height)
          const line = this.open(table, 'TR')
          // Label and value stand on one line, whatever their sizes.
          const shift = (lineHeight(value.style) - lineHeight(label.style)) * 0.8
          this.add(line, 'TH', { scope: 'Row' }, () => draw(this.document, label, x, this.y + shift))
          this.add(line, 'TD', {}, () => draw(this.document, value, x + labelWidth + GAP, this.y))
          this.y += height
        }
        this.y += padding
      },
    }
  }

  /**
   * Values beside each other with their labels above, as a table of two rows; `shares` of the present width, or each as
   * wide as it needs.
   */
  strip(rows: Row[], options: { shares?: number[]; size: number; strong?: number; tinted?: boolean }): Piece {
    const padding = options.tinted ? 7 : 0
    const styled = rows.map(row => ({
      ...row,
      style: {
        size: row.strong ? (options.strong ?? options.size) : options.size,
        weight: row.strong ? 'bold' : 'regular',
      } as Style,
    }))
    const inner = this.width - 2 * padding
    const needs = (labelWidth: (label: Words, style: Style) => number) =>
      styled.map(
        ({ label, value, style }) => Math.max(labelWidth(label, LABEL), widthOf(value.text, style)) + BETWEEN,
      )
    // Labels give way before values do: under each other, then word by word.
    const fits = (widths: number[]) => widths.reduce((sum, width) => sum + width, 0) <= inner
    const wanted = [besideWidth, underWidth].map(needs).find(fits) ?? needs(wordWidth)
    const shares = options.shares ?? fairWidths(wanted, inner)
    const unit = inner / shares.reduce((sum, share) => sum + share, 0)
    let left = padding
    const cells = styled.map(({ label, value, style }, index) => {
      const x = left
      const width = shares[index]! * unit - (index < rows.length - 1 ? BETWEEN : 0)
      left += shares[index]! * unit
      return { x, label: set(label, width, LABEL), value: set(value, width, style) }
    })
    const labels = Math.max(...cells.map(({ label }) => label.height)) + 2
    const largest = Math.max(...cells.map(({ value }) => lineHeight(value.style)))
    const height = labels + Math.max(...cells.map(({ value }) => value.height)) + 2 * padding
    return {
      height,
      draw: () => {
        this.makeRoom(height)
        const { x, y } = this
        if (options.tinted)
          this.decorate(() => this.document.roundedRect(x, y, this.width, height, 4).fill(TINT))
        const table = this.open(this.root, 'Table')
        const [head, line] = [this.open(table, 'TR'), this.open(table, 'TR')]
        for (const cell of cells) {
          // Labels of one line stand right above their values.
          const at = y + padding + labels - 2 - cell.label.height
          this.add(head, 'TH', { scope: 'Column' }, () => draw(this.document, cell.label, x + cell.x, at))
        }
        for (const cell of cells) {
          const at = y + padding + labels + (largest - lineHeight(cell.value.style)) * 0.8
          this.add(line, 'TD', {}, () => draw(this.document, cell.value, x + cell.x, at))
        }
        this.y = y + height
      },
    }
  }

  /** A table whose head is repeated on each page. Column widths are shares of the present width. */
  table(columns: Column[], rows: Words[][]): void {
    const widths = this.columnWidths(columns, rows)
    const cells = columns.map((column, index) => ({
      ...column,
      width: widths[index]! - (index < columns.length - 1 ? GAP : 0),
      x: this.x + widths.slice(0, index).reduce((sum, width) => sum + width, 0),
    }))
    const heads = cells.map(cell => set(cell.title, cell.width, { ...LABEL, align: cell.align }))
    const headHeight = Math.max(...heads.map(({ height }) => height)) + 8
    const drawHead = (drawCell: (run: () => void) => void) => {
      cells.forEach(({ x }, index) => {
        drawCell(() => draw(this.document, heads[index]!, x, this.y))
      })
      this.y += headHeight - 5
      this.rule()
      this.y += 5
    }
    this.makeRoom(headHeight + 40)
    const table = this.open(this.root, 'Table')
    const head = this.open(table, 'TR')
    drawHead(run => this.add(head, 'TH', { scope: 'Column' }, run))
    for (const row of rows) {
      const blocks = cells.map((cell, index) => set(row[index]!, cell.width, { align: cell.align }))
      const height = Math.max(...blocks.map(block => block.height)) + 2
      if (this.makeRoom(height)) drawHead(run => this.decorate(run))
      const line = this.open(table, 'TR')
      cells.forEach(({ x }, index) => {
        const [tag, attributes] = index === 0 ? ['TH', { scope: 'Row' } as const] : ['TD', {}]
        this.add(line, tag, attributes, () => draw(this.document, blocks[index]!, x, this.y))
      })
      this.y += height
    }
  }

  /** Writes the foot of every page, `across` them a large word where given, and closes the document. */
  finish(foot: (page: number, pages: number) => { left: string; right: string }, across?: string): Buffer {
    const { start, count } = this.document.bufferedPageRange()
    for (let page = start; page < start + count; page++) {
      this.document.switchToPage(page)
      const [x, y] = [PAGE.margin, BOTTOM + 8]
      const { left, right } = foot(page + 1, count)
      const style: Style = { color: QUIET, size: 8 }
      Object.assign(this, { x, y })
      this.rule()
      this.decorate(() => {
        draw(this.document, set({ text: left }, this.width - 90, style), x, y + 6)
        draw(this.document, set({ text: right }, this.width, { ...style, align: 'right' }), x, y + 6)
      })
      if (across) this.decorate(() => this.across(across))
    }
    this.root.end()
    this.document.end()
    const { _offsets } = this.document as unknown as { _offsets: number[] }
    return packObjects(Buffer.concat(this.written), _offsets)
  }

  private across(word: string): void {
    const style: Style = { weight: 'bold', size: 84, color: '#a3201d' }
    const [x, y] = [PAGE.width / 2, PAGE.height / 2]
    const width = widthOf(word, style)
    const block = set({ text: word }, width + 1, style)
    this.document
      .save()
      .rotate(-38, { origin: [x, y] })
      .fillOpacity(0.09)
    draw(this.document, block, x - width / 2, y - block.height / 2)
    this.document.restore()
  }

  /** The shares as points; a column of amounts gets what its widest one needs, any other half of its share at least. */
  private columnWidths(columns: Column[], rows: Words[][]): number[] {
    const shares = columns.map(({ width }) => width)
    const unit = this.width / shares.reduce((sum, share) => sum + share, 0)
    const least = columns.map((column, index) =>
      column.align === 'right'
        ? Math.max(0, ...rows.map(row => widthOf(row[index]!.text, {}))) + GAP
        : (column.width * unit) / 2,
    )
    return sharedWidths(shares, least, this.width)
  }

  /** Starts a page where `height` does not fit this one, unless it is empty still; true if it did. */
  private makeRoom(height: number): boolean {
    if (this.y + height <= BOTTOM || this.y <= this.top) return false
    this.document.addPage()
    const { x, width } = this
    Object.assign(this, { x: PAGE.margin, y: PAGE.top, width: PAGE.width - 2 * PAGE.margin })
    const head = set({ text: this.continued }, this.width, { size: 9, color: QUIET })
    this.decorate(() => draw(this.document, head, this.x, this.y))
    this.y += head.height + 4
    this.rule()
    this.top = this.y + 14
    Object.assign(this, { x, width, y: this.top })
    return true
  }

  private figure(
    alt: string,
    box: { x: number; y: number; width: number; height: number },
    run: () => void,
  ): void {
    const bbox = [box.x, box.y, box.x + box.width, box.y + box.height]
    this.add(this.root, 'Figure', { alt, bbox }, run)
  }

  private open(parent: Structure, tag: string): Structure {
    const element = this.document.struct(tag)
    parent.add(element)
    return element
  }

  private add(parent: Structure, tag: string, attributes: Attributes, run: () => void): void {
    parent.add(this.document.struct(tag, attributes as object, run))
  }

  private decorate(run: () => void): void {
    this.document.markContent('Artifact')
    run()
    this.document.endMarkedContent()
  }
}
