// A year of consumption as bars, or several years. Without a viewBox: x in percent and y in pixels, so that letters keep their size at any width.
import type { ConsumptionBar, ConsumptionMonth } from '@/lib/billing/consumption.ts'
import { consumptionChart } from '@/lib/billing/consumption.ts'
import type { IsoDate } from '@/lib/platform/dates.ts'

/**
 * `label` says the whole picture in a sentence; `month`, where there is little room `letter`, and `units` are as they print below and
 * above a bar.
 */
export type YearWords = {
  label: string
  month: (period: IsoDate) => string
  letter: (period: IsoDate) => string
  units: (units: number) => string
}

/** Above the bars of a full chart stand figures, below them the months. */
const FULL = { top: 26, bottom: 24, missing: 34, radius: 3 }
const SMALL = { top: 3, bottom: 1, missing: 18, radius: 2 }

/** With more bars than in a year, the last one's name has no more room than the others'. */
const YEAR = 12

/**
 * `months`: oldest first; the last one is the one in question. `before`: those of a year earlier, as a line. With `words` the full chart: round lines, months, figures of the
 * highest and the last month and of those too low to be seen, estimated months hatched, corrected ones marked, parts hollow; where a page
 * has several, each has a `name` of its own. Without, a small picture beside which the figures stand as text.
 */
export function YearChart({
  months,
  before,
  height,
  words,
  name = 'year',
}: {
  months: readonly ConsumptionMonth[]
  before?: readonly ConsumptionMonth[]
  height: number
  words?: YearWords
  name?: string
}) {
  const { bars, lines, zero, ...chart } = consumptionChart(months, before)
  const place = words ? FULL : SMALL
  const room = height - place.top - place.bottom
  // The small one has no lines that round numbers would have to meet: its highest bar takes all the room.
  const drawn = bars.filter(bar => bar.height > 0)
  const peak = words || drawn.length === 0 ? 0 : Math.min(zero, ...drawn.map(bar => bar.top))
  const y = (share: number) => Math.round(place.top + ((share - peak) / (1 - peak)) * room)
  const ground = y(zero)
  return (
    <svg
      className="chart"
      height={height}
      role={words ? 'img' : undefined}
      aria-label={words?.label}
      aria-hidden={words ? undefined : true}
    >
      {words && <Patterns name={name} kinds={new Set(months.map(({ kind }) => kind))} />}
      {words && (
        <g fill="var(--line)">
          {lines
            .filter(({ units }) => units !== 0)
            .map(({ units, top }) => (
              <rect key={units} width="100%" y={y(top)} height="1" />
            ))}
        </g>
      )}
      <g fill="var(--bar)">
        {bars.map((bar, index) => (
          <rect
            key={bar.period}
            x={percent(bar.left)}
            width={percent(bar.width)}
            {...(bar.units === null
              ? { y: ground - place.missing, height: place.missing }
              : { y: y(bar.top), height: y(bar.top + bar.height) - y(bar.top) })}
            rx={place.radius}
            {...lookOf(bar, index === bars.length - 1, words && name)}
          />
        ))}
      </g>
      <rect width="100%" y={ground - 0.5} height="1.5" fill="var(--field)" />
      <LastYear
        name={name}
        points={chart.before.map((top, month) => top !== null && [percent(bars[month]!.middle), y(top)])}
      />
      {words && (
        <Corrected
          at={bars.filter(bar => bar.isCorrected).map(bar => percent(bar.middle))}
          {...{ name, ground }}
        />
      )}
      {words && <Words {...{ bars, before: chart.before, words, y, ground, height }} />}
    </svg>
  )
}

const percent = (share: number) => `${Math.round(share * 1000) / 10}%`

/** Missing: dashed. The last month: amber with an edge, for amber alone is too light. A part: hollow. Estimated: hatched. */
function lookOf({ kind, isPart }: ConsumptionBar, isLast: boolean, name: string | undefined) {
  if (kind === 'missing') return { fill: 'none', stroke: 'var(--field)', strokeDasharray: '3 3' }
  const isHatched = name !== undefined && kind === 'estimated'
  const stroke = isLast ? 'var(--wait)' : 'var(--bar)'
  if (isHatched) return { fill: `url(#${isLast ? 'last' : 'estimated'}-${name})`, stroke, strokeWidth: 1.5 }
  if (isPart) return { fill: 'var(--surface)', stroke, strokeWidth: 1.5 }
  return isLast && { fill: 'var(--sun)', stroke, strokeWidth: 1.5 }
}

/** The hatching, of the last month on its amber. */
const Patterns = ({ name, kinds }: { name: string; kinds: Set<ConsumptionMonth['kind']> }) =>
  kinds.has('estimated') && (
    <>
      <pattern
        id={`estimated-${name}`}
        width="6"
        height="6"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <path stroke="var(--bar)" strokeWidth="2" d="M0 3h6" />
      </pattern>
      <pattern
        id={`last-${name}`}
        width="6"
        height="6"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <path fill="var(--sun)" d="M0 0h6v6H0z" />
        <path stroke="var(--wait)" strokeWidth="2" d="M0 3h6" />
      </pattern>
    </>
  )

/** A diamond at the foot of the bar, whatever its height. */
const Corrected = ({ name, at, ground }: { name: string; at: string[]; ground: number }) =>
  at.length > 0 && (
    <>
      <defs>
        <path
          id={`corrected-${name}`}
          d="M0-12l5 5-5 5-5-5z"
          fill="var(--surface)"
          stroke="var(--ink)"
          strokeWidth="1.5"
        />
      </defs>
      {at.map(x => (
        <use key={x} href={`#corrected-${name}`} x={x} y={ground} />
      ))}
    </>
  )

/** Broken where a month is missing; a halo keeps it apart from the bars. */
function LastYear({ name, points }: { name: string; points: (false | [x: string, y: number])[] }) {
  const known = points.filter(point => point !== false)
  if (known.length === 0) return null
  return (
    <>
      <defs>
        <g id={`before-${name}`}>
          {points.slice(1).map((to, index) => {
            const from = points[index]
            return from && to && <line key={to[0]} x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} />
          })}
        </g>
      </defs>
      <use href={`#before-${name}`} stroke="var(--surface)" strokeWidth="4" />
      <use href={`#before-${name}`} stroke="var(--accent)" strokeWidth="2" />
      <g stroke="var(--accent)" strokeWidth="2" fill="var(--surface)">
        {known.map(([x, y]) => (
          <circle key={x} cx={x} cy={y} r="3" />
        ))}
      </g>
    </>
  )
}

/** So many letters are as wide as a bar may be on a phone, and so near an end is too near for more. */
const WIDE = 6
const NEAR = 0.15

/** Above the middle of its bar; a wide one at an end from the bar's outer edge, so that it stays within the picture. */
function placeOf({ left, middle, width }: ConsumptionBar, figure: string) {
  if (figure.length > WIDE && middle < NEAR) return { x: percent(left), textAnchor: 'start' } as const
  if (figure.length > WIDE && middle > 1 - NEAR)
    return { x: percent(left + width), textAnchor: 'end' } as const
  return { x: percent(middle) }
}

/** So high above the ground a figure is clear of the diamond of what was corrected. */
const MARK = 16

/** On a phone a month is its first letter, and the last one its name where there is room. */
function Words({
  bars,
  before,
  words,
  y,
  ground,
  height,
}: {
  bars: ConsumptionBar[]
  before: (number | null)[]
  words: YearWords
  y: (share: number) => number
  ground: number
  height: number
}) {
  const last = bars.length - 1
  const isTold = (bar: ConsumptionBar, index: number) =>
    bar.isHighest || index === last || y(bar.top + bar.height) - y(bar.top) < 1
  return (
    <g fill="var(--muted)" fontSize="12" textAnchor="middle">
      {bars.map((bar, index) => {
        const x = percent(bar.middle)
        const strong = { fill: 'var(--ink)', fontWeight: 700 }
        const figure = bar.units === null || !isTold(bar, index) ? '' : words.units(bar.units)
        const top = y(Math.min(bar.top, before[index] ?? 1)) - 8
        const isWhole = index === last && bars.length <= YEAR
        return (
          <g key={bar.period} {...(index === last && strong)}>
            {bar.units === null && (
              <text x={x} y={ground - 12}>
                ?
              </text>
            )}
            {figure && (
              <text
                {...placeOf(bar, figure)}
                y={Math.min(top, bar.isCorrected ? ground - MARK : top)}
                {...strong}
              >
                {figure}
              </text>
            )}
            {!isWhole && (
              <text x={x} y={height - 6} className="sm:hidden print:hidden">
                {words.letter(bar.period)}
              </text>
            )}
            <text x={x} y={height - 6} className={isWhole ? undefined : 'hidden sm:inline print:inline'}>
              {words.month(bar.period)}
            </text>
          </g>
        )
      })}
    </g>
  )
}
