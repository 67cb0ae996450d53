// Zips for tests, byte by byte: also such as no program makes.
import { crc32, deflateRawSync } from 'node:zlib'

export type ZipEntry = {
  name: string
  content: string | Buffer
  /** What the directory says instead of the truth. */
  says?: { bytes?: number; flags?: number; method?: number; packed?: Buffer }
}

export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content, says = {} } of entries) {
    const bytes = Buffer.from(content)
    const packed = says.packed ?? deflateRawSync(bytes)
    const called = Buffer.from(name)
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(says.flags ?? 0x800, 2)
    facts.writeUInt16LE(says.method ?? 8, 4)
    facts.writeUInt32LE(crc32(bytes), 10)
    facts.writeUInt32LE(packed.length, 14)
    facts.writeUInt32LE(says.bytes ?? bytes.length, 18)
    facts.writeUInt16LE(called.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, called, packed])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, place, called]))
    locals.push(local)
    offset += local.length
  }
  const ofDirectory = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(ofDirectory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, ofDirectory, end])
}
