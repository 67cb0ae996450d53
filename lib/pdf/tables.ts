// Tables of a document that flow from page to page. Measures are points.
import type { Words } from '../i18n/words.ts'
import { Pages } from './pages.ts'
import { draw, QUIET, type Style, set, styleOf, underWidth, widthOf, wordWidth } from './typesetter.ts'
import { sharedWidths, sum } from './widths.ts'

/** Between columns. */
export const GAP = 8
/** Above and below what stands in a row. */
export const ROW = 2.1
/** For a word or two of a column that is broken. */
const LEAST = 44
const HEAD: Style = { weight: 'bold', size: 8, color: QUIET }

/** `whole`: of codes that are never broken, as no amount at the right edge is. */
export type Column = { title: Words; width: number; align?: 'left' | 'right'; whole?: boolean }

/** What a row is found by is bold; a code is found without. */
const cellStyle = (words: Words, column: number): Style =>
  styleOf(words, { size: 9, weight: column === 0 && !words.isCode ? 'bold' : 'regular' })

export class Tables extends Pages {
  /**
   * A table whose head is repeated on each page. Column widths are shares of the present width. The total is bold
   * below a strong line; the last row, it, and `below` points under them are on one page.
   */
  table(columns: Column[], rows: Words[][], total?: Words[], below = 0): void {
    for (const _ of this.tableByRow(columns, rows, total, below));
  }

  /** The same, a row at a time: between two, whoever draws a long one may let others do something. */
  *tableByRow(columns: Column[], rows: Words[][], total?: Words[], below = 0): Generator<void> {
    const widths = this.columnWidths(columns, rows, total)
    const cells = columns.map((column, index) => ({
      ...column,
      width: widths[index]! - (index < columns.length - 1 ? GAP : 0),
      x: this.x + sum(widths.slice(0, index)),
    }))
    const heads = cells.map(cell => set(cell.title, cell.width, { ...HEAD, align: cell.align }))
    const headHeight = Math.max(...heads.map(({ height }) => height)) + ROW
    const drawHead = (drawCell: (run: () => void) => void) => {
      cells.forEach(({ x }, index) => {
        drawCell(() => draw(this.document, heads[index]!, x, this.y))
      })
      this.y += headHeight
      this.rule('strong')
    }
    const layRow = (row: Words[], isTotal: boolean) => {
      const blocks = cells.map((cell, index) =>
        set(row[index]!, cell.width, {
          ...cellStyle(row[index]!, index),
          align: cell.align,
          ...(isTotal && { weight: 'bold' }),
        }),
      )
      return { blocks, isTotal, height: Math.max(...blocks.map(block => block.height)) + 2 * ROW }
    }
    const totalLine = total && layRow(total, true)
    this.makeRoom(headHeight + 40)
    const table = this.open(this.root, 'Table')
    const head = this.open(table, 'TR')
    drawHead(run => this.add(head, 'TH', { scope: 'Column' }, run))
    const drawRow = (
      { blocks, isTotal, height }: ReturnType<typeof layRow>,
      isFirst: boolean,
      kept: number,
    ) => {
      if (this.makeRoom(height + kept)) drawHead(run => this.decorate(run))
      else if (!isFirst) this.rule(isTotal ? 'strong' : 'hair')
      const line = this.open(table, 'TR')
      cells.forEach(({ x }, index) => {
        const [tag, attributes] = index === 0 ? ['TH', { scope: 'Row' } as const] : ['TD', {}]
        this.add(line, tag, attributes, () => draw(this.document, blocks[index]!, x, this.y + ROW))
      })
      this.y += height
    }
    for (const [place, row] of rows.entries()) {
      const kept = place === rows.length - 1 ? (totalLine?.height ?? 0) + below : 0
      drawRow(layRow(row, false), place === 0, kept)
      yield
    }
    if (totalLine) drawRow(totalLine, rows.length === 0, below)
  }

  /**
   * The shares as points; what is never broken gets what its widest and the words of its title need. Any other column keeps
   * half of its share and its widest word and, as far as there is room, its widest line; where that is too much, no less than LEAST.
   */
  private columnWidths(columns: Column[], rows: Words[][], total: Words[] = []): number[] {
    const shares = columns.map(({ width }) => width)
    const half = this.width / sum(shares) / 2
    const needs = columns.map(({ title, align, whole }, index) => {
      if (align !== 'right' && !whole) return undefined
      const widest = rows.map(row => widthOf(row[index]!.text, styleOf(row[index]!, { size: 9 })))
      const ofTotal = total[index] ? widthOf(total[index].text, { size: 9, weight: 'bold' }) : 0
      return Math.max(wordWidth(title, HEAD), ofTotal, ...widest) + GAP
    })
    const least = columns.map(({ width }, index) => needs[index] ?? width * half)
    const unbroken = this.unbrokenWidths(columns, rows, least)
    if (unbroken) return sharedWidths(shares, unbroken, this.width)
    const over = sum(least) - this.width
    const broken = sum(least.filter((_, index) => needs[index] === undefined))
    const given = least.map((width, index) =>
      over <= 0 || needs[index] !== undefined ? width : Math.max(LEAST, width * (1 - over / broken)),
    )
    return sharedWidths(shares, given, this.width)
  }

  /** Widths that break no word and, from the first column on, no line that there is room for; undefined where words have to be. */
  private unbrokenWidths(columns: Column[], rows: Words[][], least: number[]): number[] | undefined {
    const widest = (measure: typeof wordWidth, column: number) =>
      Math.max(...rows.map(row => measure(row[column]!, cellStyle(row[column]!, column)))) + GAP
    const widths = columns.map(({ title }, column) =>
      Math.max(least[column]!, wordWidth(title, HEAD) + GAP, widest(wordWidth, column)),
    )
    if (sum(widths) > this.width) return undefined
    columns.forEach((_, column) => {
      const line = Math.max(widths[column]!, widest(underWidth, column))
      if (sum(widths) - widths[column]! + line <= this.width) widths[column] = line
    })
    return widths
  }
}
