// What a document is made of: text, pairs, strips and tables that flow from page to page. Measures are points.
import type { Row, Words } from '../i18n/words.ts'
import type { Code } from '../platform/barcodes.ts'
import { BOTTOM, PAGE, Pages } from './pages.ts'
import {
  besideWidth,
  draw,
  INK,
  lineHeight,
  QUIET,
  type Style,
  set,
  styleOf,
  underWidth,
  widthOf,
  wordWidth,
} from './typesetter.ts'
import { fairWidths, sharedWidths, sum } from './widths.ts'

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
const LIGHT = '#f2a900'
const RAYS = 'M16 3.5v4M5.5 8.5l3 2.6M26.5 8.5l-3 2.6M2.5 18h4M25.5 18h4M4 28h24'

export type Column = { title: Words; width: number; align?: 'left' | 'right' }

/** Laid out, so that its height is known; drawn where the sheet stands by then, which stands below it afterwards. */
export type Piece = { height: number; draw: () => void }

function drawAll(pieces: Piece[]): void {
  for (const piece of pieces) piece.draw()
}

export class Sheet extends Pages {
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
      return { across, laid, height: sum(laid.map(piece => piece.height)) }
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
  text(tag: 'H1' | 'H2' | 'P', words: Words, style: Style = {}): Piece {
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
      valueStyle: styleOf(row.value, {
        weight: row.strong ? 'bold' : 'regular',
        size: row.strong ? 11.5 : 9.5,
        align: options.amounts ? 'right' : 'left',
      }),
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
    const total = sum(blocks.map(({ height }) => height)) + 2 * padding
    return {
      height: total,
      draw: () => {
        if (total <= WHOLE) this.makeRoom(total)
        if (options.tinted && total <= WHOLE) this.tint(total)
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
      style: styleOf(row.value, {
        size: row.strong ? (options.strong ?? options.size) : options.size,
        weight: row.strong ? 'bold' : 'regular',
      }),
    }))
    const inner = this.width - 2 * padding
    const needs = (labelWidth: (label: Words, style: Style) => number) =>
      styled.map(
        ({ label, value, style }) => Math.max(labelWidth(label, LABEL), widthOf(value.text, style)) + BETWEEN,
      )
    // Labels give way before values do: under each other, then word by word.
    const fits = (widths: number[]) => sum(widths) <= inner
    const wanted = [besideWidth, underWidth].map(needs).find(fits) ?? needs(wordWidth)
    const shares = options.shares ?? fairWidths(wanted, inner)
    const unit = inner / sum(shares)
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
        if (options.tinted) this.tint(height)
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
      x: this.x + sum(widths.slice(0, index)),
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

  /** The shares as points; a column of amounts gets what its widest one needs, any other half of its share at least. */
  private columnWidths(columns: Column[], rows: Words[][]): number[] {
    const shares = columns.map(({ width }) => width)
    const unit = this.width / sum(shares)
    const least = columns.map((column, index) =>
      column.align === 'right'
        ? Math.max(0, ...rows.map(row => widthOf(row[index]!.text, {}))) + GAP
        : (column.width * unit) / 2,
    )
    return sharedWidths(shares, least, this.width)
  }
}
