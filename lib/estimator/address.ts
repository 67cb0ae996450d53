// The estimator's address: what its form sends, what a short link says, and what is meant by either.
import { type BillerCode, billerCodes } from '../billers/contract-codes.ts'
import type { IsoDate } from '../platform/dates.ts'
import { cut } from '../platform/text.ts'
import { readCode } from '../platform/typed.ts'
import {
  type ApplianceKind,
  applianceKinds,
  BOUNDS,
  MOST_APPLIANCES,
  TYPICAL_DAY,
  typical,
  type UsedAppliance,
} from './schema.ts'

export const ESTIMATOR = '/estimator'

export const estimatorFields = [
  'for',
  'with',
  'appliance',
  'watts',
  'use',
  'count',
  'together',
  'day',
  'power',
  'add',
  'remove',
] as const
type FieldName = (typeof estimatorFields)[number]
type Query = { [Name in FieldName]?: string | string[] }

/** `contract`: which of the reader's own of that group, from 1 on; others have no use for it. */
export type Chosen = { biller: BillerCode; group: string; contract: number | null }

/** As it was typed. */
export type TypedAppliance = Record<'watts' | 'use' | 'count', string> & {
  kind: ApplianceKind
  together: boolean
}

type Bounds = { least: number; most: number; decimals: number }
/** `row`: of which appliance; none: of the whole form. */
export type Mistake = { field: 'watts' | 'use' | 'count' | 'day' | 'power'; row?: number } & Bounds

export type Asked = {
  chosen: Chosen | null
  /** A contract or group is named, whether or not it can be read. */
  named: boolean
  appliances: TypedAppliance[]
  /** The address says nothing of them, so they are an example. */
  isExample: boolean
  day: string
  power: string
  /** More appliances than are counted. */
  tooMany: boolean
  mistakes: Mistake[]
  /** What is meant, where there is no mistake. */
  meant: { used: UsedAppliance[]; dayPercent: number; powerKw: number | null } | null
  /** The short address that says the same, where the form was sent. `row`: the one that was added. */
  short: { path: string; row: number | null } | null
}

/** An example, for an address that says nothing of appliances. */
const AT_FIRST = 'fridge,boiler,washer,oven,tv,lamp'

export function readAsked(query: Query): Asked {
  const sent = ['appliance', 'add', 'remove'].some(name => name in query)
  const given = 'appliance' in query ? typedRows(query) : linkedRows(one(query.with) ?? AT_FIRST)
  const removed = one(query.remove)
  const left = given.filter((_, index) => String(index) !== removed)
  const added = applianceKinds.find(kind => kind === one(query.add))
  const all = added ? [...left, typicalRow(added)] : left
  const appliances = all.slice(0, MOST_APPLIANCES)
  const chosen = readChosen(one(query.for))
  const day = typed(query.day) || String(TYPICAL_DAY)
  const power = typed(query.power)
  const mistakes: Mistake[] = []
  const used = appliances.map((row, index) =>
    readRow(row, mistake => mistakes.push({ ...mistake, row: index })),
  )
  const dayPercent = readNumber(day, BOUNDS.day)
  if (dayPercent === undefined) mistakes.push({ field: 'day', ...BOUNDS.day })
  const powerKw = power === '' ? null : readNumber(power, BOUNDS.power)
  if (powerKw === undefined) mistakes.push({ field: 'power', ...BOUNDS.power })
  const meant =
    mistakes.length === 0
      ? { used: used as UsedAppliance[], dayPercent: dayPercent!, powerKw: powerKw! }
      : null
  return {
    chosen,
    named: Boolean(one(query.for)),
    appliances,
    isExample: !sent && query.with === undefined,
    day,
    power,
    tooMany: all.length > MOST_APPLIANCES,
    mistakes,
    meant,
    short:
      sent && meant && all.length <= MOST_APPLIANCES
        ? { path: estimatorPath(chosen, meant), row: added ? appliances.length - 1 : null }
        : null,
  }
}

const one = (said: string | string[] | undefined): string | undefined =>
  Array.isArray(said) ? said[0] : said
const many = (said: string | string[] | undefined): string[] =>
  said === undefined ? [] : Array.isArray(said) ? said : [said]

const MOST_LETTERS = 20
const typed = (said: string | string[] | undefined): string => readCode(cut(one(said) ?? '', MOST_LETTERS))

/** `oshee/household`, `kesco/4/02@1`. */
function readChosen(said: string | undefined): Chosen | null {
  const [, biller, group, contract] = /^([a-z-]+)\/([^@]{1,40})(?:@([1-9]\d{0,3}))?$/.exec(said ?? '') ?? []
  const code = billerCodes.find(code => code === biller)
  return code && group ? { biller: code, group, contract: contract ? Number(contract) : null } : null
}

export const chosenText = ({ biller, group, contract }: Chosen): string =>
  `${biller}/${group}${contract ? `@${contract}` : ''}`

export const typicalRow = (kind: ApplianceKind): TypedAppliance => {
  const { watts, use, count = 1 } = typical(kind)
  return { kind, watts: String(watts), use: String(use), count: String(count), together: false }
}

/** What the form sends: the fields of each appliance, in their order. */
function typedRows(query: Query): TypedAppliance[] {
  const [watts, use, count] = [many(query.watts), many(query.use), many(query.count)]
  const together = new Set(many(query.together))
  return many(query.appliance)
    .slice(0, MOST_APPLIANCES + 1)
    .flatMap((said, index) => {
      const kind = applianceKinds.find(kind => kind === said)
      if (!kind) return []
      return {
        kind,
        watts: typed(watts[index]),
        use: typed(use[index]),
        count: typed(count[index]),
        together: together.has(String(index)),
      }
    })
}

/** What a link says: `heater-1500-4`; what it leaves out is typical. */
const linkedRows = (said: string): TypedAppliance[] =>
  said.split(',', MOST_APPLIANCES + 1).flatMap(one => {
    const [name, watts, use, count, together] = one.split('-')
    const kind = applianceKinds.find(kind => kind === name)
    if (!kind) return []
    const usual = typicalRow(kind)
    return {
      kind,
      watts: typed(watts) || usual.watts,
      use: typed(use) || usual.use,
      count: typed(count) || usual.count,
      together: together === 't',
    }
  })

/** Of a kind's use: hours a day or times a week. */
export const boundsOfUse = (kind: ApplianceKind): Bounds =>
  typical(kind).per === 'day' ? BOUNDS.hoursADay : BOUNDS.timesAWeek

function readRow(row: TypedAppliance, refuse: (mistake: Mistake) => void): UsedAppliance | undefined {
  const read = (field: 'watts' | 'use' | 'count', bounds: Bounds) => {
    const value = readNumber(row[field], bounds)
    if (value === undefined) refuse({ field, ...bounds })
    return value
  }
  const watts = read('watts', BOUNDS.watts)
  const use = read('use', boundsOfUse(row.kind))
  const count = read('count', BOUNDS.count)
  if (watts === undefined || use === undefined || count === undefined) return undefined
  return { kind: row.kind, watts, use: Math.round(use * 100), count, together: row.together }
}

/** A number as it is written here, with a comma or a point; undefined beyond its bounds, or with more decimals. */
export function readNumber(text: string, { least, most, decimals }: Bounds): number | undefined {
  const [, whole, part = ''] = /^(?=[\d.,])(\d{0,6})(?:[.,](\d{1,17}))?$/.exec(text.replace(/\s/g, '')) ?? []
  if (whole === undefined || part.length > decimals) return undefined
  const value = Number(`${whole || 0}.${part || 0}`)
  return value >= least && value <= most ? value : undefined
}

/** To one appliance of typical use, by a group's prices: where a bill surprises, what most likely made it. */
export const appliancePath = (
  of: { biller: BillerCode; group: string } | null,
  kind: ApplianceKind,
): string => {
  const { watts, use, count = 1 } = typical(kind)
  const used = [{ kind, watts, use: use * 100, count, together: false }]
  return estimatorPath(of && { ...of, contract: null }, { used, dayPercent: TYPICAL_DAY, powerKw: null })
}

/** Months in which cooling uses more than heating; assumed. */
const SUMMER = ['06', '07', '08', '09']

/** What uses most in a home in the month of the day. */
export const usesMostIn = (day: IsoDate): ApplianceKind =>
  SUMMER.includes(day.slice(5, 7)) ? 'aircon' : 'heater'

/** In place of a group that is not known: the page goes on saying that it is not, and repeats nothing that anybody wrote. */
export const UNKNOWN = 'unknown'

type Meant = NonNullable<Asked['meant']>

/** The short address. It says group and appliances alone: nothing of it is anybody's, and it can be sent to anybody. */
export function estimatorPath(
  chosen: Chosen | typeof UNKNOWN | null,
  { used, dayPercent, powerKw }: Meant,
): string {
  const named = chosen === null || chosen === UNKNOWN ? chosen : encodeURIComponent(chosenText(chosen))
  const parts = [
    named && `for=${named.replaceAll('%2F', '/').replaceAll('%40', '@')}`,
    `with=${used.map(linkOf).join(',')}`,
    dayPercent !== TYPICAL_DAY && `day=${dayPercent}`,
    powerKw !== null && `power=${powerKw}`,
  ]
  return `${ESTIMATOR}?${parts.filter(Boolean).join('&')}`
}

function linkOf({ kind, watts, use, count, together }: UsedAppliance): string {
  const usual = typical(kind)
  const said = [
    watts === usual.watts ? '' : watts,
    use === usual.use * 100 ? '' : use / 100,
    count === (usual.count ?? 1) ? '' : count,
    together ? 't' : '',
  ]
  return [kind, ...said].join('-').replace(/-+$/, '')
}
