// Finds words in a portal's log, in whatever way they are written there.
import { foldName } from '../../lib/platform/names.ts'
import { listRoutes } from './routes.ts'

/** Whatever these hold says itself what it is: a count, a time, an id that is made for the log. */
const COUNTS = ['level', 'ms', 'statementMs', 'statements', 'slowStatements', 'bytes', 'leftOut']
const IDS = ['time', 'requestId', 'accountId', 'pid']
/** Names of accounts of the demonstration that are words of the program, too. */
const WORDS = ['admin', 'operator', 'supervisor']
const SHORTEST = 4
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
/** What the demonstration says to whoever starts it, names among it. */
const WELCOME = /[\s\S]*Ctrl-C stops it\.\n/

type Line = Record<string, unknown>

/** Its lines; what is none, as a text of its own. */
export const linesOf = (output: string): Line[] =>
  output
    .replace(WELCOME, '')
    .split('\n')
    .filter(Boolean)
    .map(line => (line.startsWith('{') ? JSON.parse(line) : { text: line }))

/** Which of the words the lines hold: as they are, folded, or as an address has them. */
export function wordsIn(lines: Line[], words: Iterable<string>): string[] {
  const texts = [...new Set(lines.flatMap(textsOf))]
  const plain = [...texts, ...texts.map(decoded)].join('\n').toLowerCase()
  const folded = texts.map(text => foldName(decoded(text))).join('\n')
  return [...new Set(words)].filter(word => {
    if (word.length < SHORTEST || WORDS.includes(word)) return false
    const ways = [word, encodeURIComponent(word)].map(way => way.toLowerCase())
    return ways.some(way => isWordOf(plain, way)) || isWordOf(folded, foldName(word))
  })
}

function textsOf(line: Line): string[] {
  return Object.entries(line).flatMap(([name, value]) => {
    if (IDS.includes(name)) return [name]
    if (COUNTS.includes(name) && typeof value === 'number') return [name]
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    // Places in the build, `chunk.js:1:123456`, could be anybody's code.
    return [name, text.replace(/\.(js|ts):\d+:\d+/g, '.$1')]
  })
}

function decoded(text: string): string {
  return text.replace(/(%[\da-f]{2})+/gi, bytes => {
    try {
      return decodeURIComponent(bytes)
    } catch {
      return bytes
    }
  })
}

const isPart = (character: string | undefined) => character !== undefined && /[\p{L}\d]/u.test(character)

/** With neither a letter nor a digit on either side. */
function isWordOf(text: string, word: string): boolean {
  if (word.trim() === '') return false
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isPart(text[at - 1]) && !isPart(text[at + word.length])) return true
  }
  return false
}

const literal = new Set(listRoutes().flatMap(({ path }) => path.split('/')))

/** Of an address that was asked for, what only its reader knows. */
export function wordsOfAddress(address: string): string[] {
  const { pathname, searchParams } = new URL(address)
  if (pathname.startsWith('/_next/')) return []
  return [...pathname.split('/').map(decoded), ...searchParams.values()].filter(
    word =>
      word.length >= 8 &&
      /\d/.test(word) &&
      !literal.has(word) &&
      !UUID.test(word) &&
      !/^\/|^\d{4}-/.test(word),
  )
}
