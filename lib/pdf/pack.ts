// Packs the objects of a finished PDF: a third of a tagged document is otherwise its uncompressed structure.
import { hash } from 'node:crypto'
import { deflateSync } from 'node:zlib'

/** So many objects are in one stream: a reader unpacks all of it for one of them, and a place in it has two bytes in the table. */
const OBJECTS_A_STREAM = 20_000

/**
 * The same document with everything but its streams in compressed object streams, and a compressed table of where
 * things are (ISO 32000-1, 7.5.7 and 7.5.8). `offsets` are those of pdfkit's objects 1, 2, …, none of them encrypted. `unpacked`
 * stays as it is: a signature is written into it later.
 */
export function packObjects(pdf: Buffer, offsets: number[], unpacked?: number): Buffer {
  const tail = pdf.toString('latin1', pdf.lastIndexOf('trailer\n'))
  const tableAt = Number(/startxref\n(\d+)/.exec(tail)![1])
  const trailer = /<<\n\/Size \d+\n([\s\S]*)>>\nstartxref/.exec(tail)![1]!

  const parts: Buffer[] = []
  let written = 0
  const write = (part: Buffer) => {
    parts.push(part)
    written += part.length
  }
  const entries: [type: number, where: number, index: number][] = [[0, 0, 65535]]
  const ids = offsets.map((_, index) => index + 1).sort((a, b) => offsets[a - 1]! - offsets[b - 1]!)
  write(pdf.subarray(0, offsets[ids[0]! - 1]))
  const packs: { places: string; bodies: string; count: number }[] = []
  const packNow = () => {
    const pack = packs.at(-1)
    if (pack && pack.count < OBJECTS_A_STREAM) return pack
    packs.push({ places: '', bodies: '', count: 0 })
    return packs.at(-1)!
  }
  ids.forEach((id, order) => {
    const start = offsets[id - 1]!
    const end = order + 1 < ids.length ? offsets[ids[order + 1]! - 1]! : tableAt
    if (pdf.toString('latin1', end - 17, end) === 'endstream\nendobj\n') {
      entries[id] = [1, written, 0]
      write(compressed(id, pdf.subarray(start, end)))
      return
    }
    if (id === unpacked) {
      entries[id] = [1, written, 0]
      write(pdf.subarray(start, end))
      return
    }
    const pack = packNow()
    entries[id] = [2, offsets.length + packs.length, pack.count++]
    pack.places += `${id} ${pack.bodies.length} `
    pack.bodies += pdf.toString('latin1', start + `${id} 0 obj\n`.length, end - 'endobj\n'.length)
  })
  for (const { places, bodies, count } of packs) {
    const packed = Buffer.from(places + bodies, 'latin1')
    const head = `/Type /ObjStm /N ${count} /First ${places.length}`
    const packedId = entries.push([1, written, 0]) - 1
    write(stream(packedId, head, packed))
  }
  const start = written
  const tableId = entries.push([1, start, 0]) - 1
  const table = Buffer.alloc(entries.length * 7)
  entries.forEach(([type, where, index], id) => {
    table.writeUInt8(type, id * 7)
    table.writeUInt32BE(where, id * 7 + 1)
    table.writeUInt16BE(index, id * 7 + 5)
  })
  write(stream(tableId, `/Type /XRef /Size ${entries.length} /W [1 4 2] ${trailer}`, table))
  write(Buffer.from(`startxref\n${start}\n%%EOF\n`))
  return Buffer.concat(parts)
}

/** A stream's object with its content compressed. */
function compressed(id: number, object: Buffer): Buffer {
  const head = object.indexOf('\nstream\n')
  const content = object.subarray(head + 8, object.length - 18)
  const entries = object
    .toString('latin1', `${id} 0 obj\n<<\n`.length, head - 3)
    .replace(/\/Length \d+\n?/, '')
  return stream(id, entries, content)
}

/** So many streams are kept: fonts, and what their glyphs mean, are the same in most documents. */
const KEPT = 32
const deflated = new Map<string, Buffer>()

function deflate(content: Buffer): Buffer {
  const key = hash('sha256', content)
  const data = deflated.get(key) ?? deflateSync(content)
  // The one that was used longest ago goes first.
  deflated.delete(key)
  deflated.set(key, data)
  if (deflated.size > KEPT) deflated.delete(deflated.keys().next().value!)
  return data
}

function stream(id: number, entries: string, content: Buffer): Buffer {
  const data = deflate(content)
  const head = `${id} 0 obj\n<< ${entries} /Filter /FlateDecode /Length ${data.length} >>\nstream\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), data, Buffer.from('\nendstream\nendobj\n')])
}
