// Puts another outline in the place of a glyph of a TrueType file: tables head, loca, glyf and hmtx of the OpenType specification.

export type Point = { x: number; y: number; isOnCurve: boolean }

const [HEADER, ENTRY] = [12, 16]

/**
 * The file with these closed contours as its glyph `id`, in units of the font. Sums over its tables are left zero: whoever cuts it
 * writes them anew.
 */
export function withGlyph(file: Buffer, id: number, contours: Point[][]): Buffer {
  const tables = readTables(file)
  const [head, loca, glyf] = ['head', 'loca', 'glyf'].map(tag => tables.get(tag)!) as [Buffer, Buffer, Buffer]
  const isLong = head.readInt16BE(50) === 1
  const count = loca.length / (isLong ? 4 : 2)
  const starts = Array.from({ length: count }, (_, index) =>
    isLong ? loca.readUInt32BE(index * 4) : loca.readUInt16BE(index * 2) * 2,
  )
  const glyph = encode(contours)
  const [start, end] = [starts[id]!, starts[id + 1]!]
  tables.set('glyf', Buffer.concat([glyf.subarray(0, start), glyph, glyf.subarray(end)]))
  const moved = Buffer.alloc(loca.length)
  starts.forEach((old, index) => {
    const offset = index > id ? old + glyph.length - (end - start) : old
    if (isLong) moved.writeUInt32BE(offset, index * 4)
    else moved.writeUInt16BE(offset / 2, index * 2)
  })
  tables.set('loca', moved)
  const metrics = Buffer.from(tables.get('hmtx')!)
  const withAdvance = tables.get('hhea')!.readUInt16BE(34)
  const bearing = id < withAdvance ? id * 4 + 2 : withAdvance * 4 + (id - withAdvance) * 2
  metrics.writeInt16BE(Math.min(...contours.flat().map(({ x }) => x)), bearing)
  tables.set('hmtx', metrics)
  return writeTables(file, tables)
}

function readTables(file: Buffer): Map<string, Buffer> {
  const entries = Array.from({ length: file.readUInt16BE(4) }, (_, index) => HEADER + index * ENTRY)
  return new Map(
    entries.map(at => {
      const start = file.readUInt32BE(at + 8)
      return [file.toString('latin1', at, at + 4), file.subarray(start, start + file.readUInt32BE(at + 12))]
    }),
  )
}

function writeTables(file: Buffer, tables: Map<string, Buffer>): Buffer {
  const head = Buffer.alloc(HEADER + tables.size * ENTRY)
  file.copy(head, 0, 0, HEADER)
  const written = [head]
  let at = head.length
  ;[...tables].forEach(([tag, table], index) => {
    head.write(tag, HEADER + index * ENTRY, 'latin1')
    head.writeUInt32BE(at, HEADER + index * ENTRY + 8)
    head.writeUInt32BE(table.length, HEADER + index * ENTRY + 12)
    const padded = Buffer.concat([table, Buffer.alloc(-table.length & 3)])
    written.push(padded)
    at += padded.length
  })
  return Buffer.concat(written)
}

/** A simple glyph without instructions, each coordinate in two bytes. */
function encode(contours: Point[][]): Buffer {
  const points = contours.flat()
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const bounds = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
  const ends = contours.map((_, index) => contours.slice(0, index + 1).flat().length - 1)
  const steps = (values: number[]) => values.map((value, index) => value - (values[index - 1] ?? 0))
  const flags = Buffer.from(points.map(({ isOnCurve }) => (isOnCurve ? 1 : 0)))
  const glyph = Buffer.concat([
    int16([contours.length, ...bounds, ...ends, 0]),
    flags,
    int16([...steps(xs), ...steps(ys)]),
  ])
  return Buffer.concat([glyph, Buffer.alloc(-glyph.length & 3)])
}

function int16(values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [index, value] of values.entries()) bytes.writeInt16BE(value, index * 2)
  return bytes
}
