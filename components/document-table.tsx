// A table of a document, on the screen and on paper: its lines, as lib/*-content.ts words them.
import type { ReactNode } from 'react'
import type { Words } from '@/lib/i18n/words.ts'
import { Bilingual } from './bilingual.tsx'
import { Table } from './ui/table.tsx'

/** `words`: so many columns of words before those of figures. `footer`: cells by column. */
export function DocumentTable({
  title,
  columns,
  rows,
  words,
  footer,
}: {
  title: Words
  columns: Words[]
  rows: Words[][]
  words: number
  footer?: Record<number, ReactNode>
}) {
  return (
    <Table
      caption={title.text}
      columns={columns.map(({ text, also }, index) => ({
        key: String(index),
        label: text,
        also,
        amount: index >= words,
      }))}
      rows={rows.map((cells, row) => ({
        id: String(row),
        cells: Object.fromEntries(cells.map((cell, column) => [column, <Bilingual key="" words={cell} />])),
      }))}
      footer={footer && { id: 'all', cells: footer }}
    />
  )
}
