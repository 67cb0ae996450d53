// What a statement reads where others have more: told apart from what it reads anyway.
import type { Plan, Statement } from '../../bin/bench/statement-log.ts'

/** So many other people at first, and so many in the end. A longer look: DEEP. */
export const FEW = 200
export const MANY = FEW * (process.env.DEEP ? 100 : 20)

/** A tree of pages is a level higher, or another plan is chosen: twice as much, and some. Twenty times is neither. */
const allowed = (pages: number) => 2 * pages + 20

/** The statements that read more beside many than beside few, each with its figures and where it reads most. */
export function grown(few: Statement[], many: Statement[]): string[] {
  const before = readsByText(few)
  return [...readsByText(many)].flatMap(([text, reads]) => {
    const less = pagesOf(before.get(text) ?? [])
    const pages = pagesOf(reads)
    if (pages <= allowed(less)) return []
    const most = reads.reduce((one, other) => (other.pages > one.pages ? other : one))
    return [`${less} → ${pages} pages (${most.from}): ${shortened(text)}`]
  })
}

type Read = { from: string; pages: number }

const pagesOf = (reads: Read[]) => reads.reduce((sum, { pages }) => sum + pages, 0)

function readsByText(statements: Statement[]): Map<string, Read[]> {
  const found = new Map<string, Read[]>()
  for (const { text, plan } of statements) found.set(text, [...(found.get(text) ?? []), ...readsOf(plan)])
  return found
}

/**
 * What each node reads from a table or an index by itself. What nodes do besides is left out: a function's statements are
 * told by themselves, and what a new connection has to learn about tables is nobody's.
 */
function readsOf(plan: Plan): Read[] {
  const below = plan.Plans ?? []
  const from = plan['Relation Name'] ?? plan['Index Name']
  const isScan = from !== undefined && plan['Node Type'].endsWith('Scan')
  const pages = blocksOf(plan) - below.reduce((sum, node) => sum + blocksOf(node), 0)
  const own = isScan ? [{ from: `${plan['Node Type']} on ${from}`, pages }] : []
  return [...own, ...below.flatMap(readsOf)]
}

const blocksOf = (plan: Plan) => plan['Shared Hit Blocks'] + plan['Shared Read Blocks']

export const shortened = (text: string) => text.replace(/\s+/g, ' ').slice(0, 400)
