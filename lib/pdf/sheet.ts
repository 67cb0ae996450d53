// What a document is made of: text, pairs and strips, and tables, that flow from page to page. Measures are points.
import type { Row, Words } from '../i18n/words.ts'
import type { Code } from '../platform/barcodes.ts'
import { type BarChart, drawBarChart } from './bar-chart.ts'
import { BOTTOM, PAGE } from './pages.ts'
import { GAP, ROW, Tables } from './tables.ts'
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
import { fairWidths, sum } from './widths.ts'

/** What follows a heading on its page, at least. */
const KEPT = 48
/** How high may be what is not broken: a page but its head, and a heading's rest. */
const WHOLE = BOTTOM - PAGE.top - 80
/** Of a value below it, and of a column. */
export const LABEL: Style = { size: 8.5, color: QUIET }
/** Between the values of a strip. */
export const BETWEEN = 12
/** Points: as large as a mark may be, and the room below it. */
const MARK = { height: 24, width: 160, below: 5 }
const TITLE: Style = { weight: 'bold', size: 16 }

/** An SVG path in one colour, and its size in its own units. */
type Drawing = { width: number; height: number; path: string }

/** Laid out, so that its height is known; drawn where the sheet stands by then, which stands below it afterwards. */
export type Piece = { height: number; draw: () => void }

function drawAll(pieces: Piece[]): void {
  for (const piece of pieces) piece.draw()
}

export class Sheet extends Tables {
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

  /** Above the name, which says whose it is: for who does not see it, it is none. */
  private mark({ width, height, path }: Drawing): void {
    const scale = Math.min(MARK.height / height, MARK.width / width)
    this.decorate(() => {
      this.document.save().translate(this.x, this.y).scale(scale).path(path).fill(INK).restore()
    })
    this.y += height * scale + MARK.below
  }

  /** Who the document is from, at the top of the first page: the name, and what it has to say of itself at the right edge. */
  letterhead({ name, details, logo }: { name: string; details: Words[]; logo?: Drawing }): void {
    const style: Style = { size: 8.5 }
    if (logo) this.mark(logo)
    const title = set({ text: name }, this.width, { ...style, weight: 'bold' })
    const parts = details.flatMap((detail, index) => (index > 0 ? [{ text: ' · ' }, detail] : [detail]))
    const widths = parts.map(part => widthOf(part.text, styleOf(part, style)))
    const isBeside =
      title.lines.length === 1 && widthOf(name, title.style) + BETWEEN + sum(widths) <= this.width
    this.add(this.root, 'P', {}, () => draw(this.document, title, this.x, this.y))
    if (isBeside && parts.length > 0)
      this.add(this.root, 'P', {}, () => {
        let x = this.x + this.width - sum(widths)
        parts.forEach((part, index) => {
          draw(this.document, set(part, widths[index]! + 1, style), x, this.y)
          x += widths[index]!
        })
      })
    this.y += title.height
    if (!isBeside) this.text('P', { text: parts.map(part => part.text).join('') }, style).draw()
    this.y += 5
    this.rule('strong')
    this.y += 12
  }

  /** The heading of the document, and what became of it (paid, cancelled) in a frame at the right edge. */
  title(words: Words, stamp?: { words: Words; color: string }): void {
    if (!stamp) {
      this.text('H1', words, TITLE).draw()
      return
    }
    const { width, y } = this
    const style: Style = { weight: 'bold', size: 11, color: stamp.color }
    const inner = Math.max(widthOf(stamp.words.text, style), widthOf(stamp.words.also ?? '', style))
    const mark = set(stamp.words, inner + 1, style)
    const height = mark.height + 7
    this.width = width - inner - 20 - BETWEEN
    this.text('H1', words, TITLE).draw()
    this.width = width
    const left = this.x + width - inner - 20
    this.decorate(() =>
      this.document
        .roundedRect(left, y - 3, inner + 20, height, 4)
        .lineWidth(1.3)
        .stroke(stamp.color),
    )
    this.add(this.root, 'P', {}, () => draw(this.document, mark, left + 10, y + 0.5))
    this.y = Math.max(this.y, y - 3 + height)
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
   * Pairs as a table of two columns with a hairline between them, and a strong one above a sum. Values stand at the right edge;
   * `amounts` are never broken.
   */
  pairs(rows: Row[], options: { amounts?: boolean; labels?: number } = {}): Piece {
    const styled = rows.map(row => ({
      ...row,
      labelStyle: { ...(row.strong ? { weight: 'bold' } : { color: QUIET }), size: 9 } as Style,
      valueStyle: styleOf(row.value, { weight: row.strong ? 'bold' : 'regular', size: 9, align: 'right' }),
    }))
    // An amount is never broken, and no word of a value: a code cut in two is no code.
    const whole = ({ text }: Words) => (options.amounts ? [text] : text.split(' '))
    const widest =
      Math.max(...styled.flatMap(row => whole(row.value).map(word => widthOf(word, row.valueStyle)))) + 1
    const share = options.amounts ? 1 : (options.labels ?? 0.44)
    const labelWidth = Math.max(this.width * 0.3, Math.min(this.width * share, this.width - widest - GAP))
    const valueWidth = this.width - labelWidth - GAP
    const blocks = styled.map(({ label, value, labelStyle, valueStyle, strong }) => {
      const blocks = { label: set(label, labelWidth, labelStyle), value: set(value, valueWidth, valueStyle) }
      return { ...blocks, strong, height: Math.max(blocks.label.height, blocks.value.height) + 2 * ROW }
    })
    const total = sum(blocks.map(({ height }) => height))
    return {
      height: total,
      draw: () => {
        if (total <= WHOLE) this.makeRoom(total)
        const table = this.open(this.root, 'Table')
        blocks.forEach(({ label, value, strong, height }, index) => {
          const isFirst = this.makeRoom(height) || index === 0
          if (strong || !isFirst) this.rule(strong ? 'strong' : 'hair')
          const line = this.open(table, 'TR')
          this.add(line, 'TH', { scope: 'Row' }, () => draw(this.document, label, this.x, this.y + ROW))
          this.add(line, 'TD', {}, () => draw(this.document, value, this.x + labelWidth + GAP, this.y + ROW))
          this.y += height
        })
      },
    }
  }

  /**
   * Values beside each other with their labels above, as a table of two rows; `shares` of the present width, or each as
   * wide as it needs.
   */
  strip(rows: Row[], options: { shares?: number[]; size: number; strong?: number }): Piece {
    const styled = rows.map(row => ({
      ...row,
      style: styleOf(row.value, {
        size: row.strong ? (options.strong ?? options.size) : options.size,
        weight: row.strong ? 'bold' : 'regular',
      }),
    }))
    const inner = this.width
    const needs = (labelWidth: (label: Words, style: Style) => number) =>
      styled.map(
        ({ label, value, style }) => Math.max(labelWidth(label, LABEL), widthOf(value.text, style)) + BETWEEN,
      )
    // Labels give way before values do: under each other, then word by word.
    const fits = (widths: number[]) => sum(widths) <= inner
    const wanted = [besideWidth, underWidth].map(needs).find(fits) ?? needs(wordWidth)
    const shares = options.shares ?? fairWidths(wanted, inner)
    const unit = inner / sum(shares)
    let left = 0
    const cells = styled.map(({ label, value, style }, index) => {
      const x = left
      const width = shares[index]! * unit - (index < rows.length - 1 ? BETWEEN : 0)
      left += shares[index]! * unit
      return { x, label: set(label, width, LABEL), value: set(value, width, style) }
    })
    const labels = Math.max(...cells.map(({ label }) => label.height)) + 2
    const largest = Math.max(...cells.map(({ value }) => lineHeight(value.style)))
    const height = labels + Math.max(...cells.map(({ value }) => value.height))
    return {
      height,
      draw: () => {
        this.makeRoom(height)
        const { x, y } = this
        const table = this.open(this.root, 'Table')
        const [head, line] = [this.open(table, 'TR'), this.open(table, 'TR')]
        for (const cell of cells) {
          // Labels of one line stand right above their values.
          const at = y + labels - 2 - cell.label.height
          this.add(head, 'TH', { scope: 'Column' }, () => draw(this.document, cell.label, x + cell.x, at))
        }
        for (const cell of cells) {
          const at = y + labels + (largest - lineHeight(cell.value.style)) * 0.8
          this.add(line, 'TD', {}, () => draw(this.document, cell.value, x + cell.x, at))
        }
        this.y = y + height
      },
    }
  }

  /** Bars over the present width, `height` points with their labels; `alt` says what they show. */
  barChart(chart: BarChart, alt: string, height: number): void {
    this.makeRoom(height)
    const { x, y, width } = this
    const box = { x, y, width, height }
    this.figure(alt, box, () => drawBarChart(this.document, chart, box))
    this.y += height
  }
}
