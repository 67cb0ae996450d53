// A year of consumption as bars. Without a viewBox: x in percent and y in pixels, so that letters keep their size at any width.
import type { ConsumptionBar, ConsumptionMonth } from '@/lib/billing/consumption.ts'
import { consumptionChart } from '@/lib/billing/consumption.ts'
import type { IsoDate } from '@/lib/platform/dates.ts'

/** `label` says the whole picture in a sentence; `month` and `units` are as they print below and above a bar. */
export type YearWords = {
  label: string
  month: (period: IsoDate) => string
  units: (units: number) => string
}

/** Above the bars of a full chart stand figures, below them the months. */
const FULL = { top: 26, bottom: 24, missing: 34, radius: 3 }
const SMALL = { top: 3, bottom: 1, missing: 18, radius: 2 }

/**
 * `months`: oldest first; the last one is the one in question. `before`: those of a year earlier, as a line. With `words` the full chart: round lines, months, figures of the
 * highest and the last month, estimated months hatched; a page has one. Without, a small picture beside which the figures stand
 * as text.
 */
export function YearChart({
  months,
  before,
  height,
  words,
}: {
  months: readonly ConsumptionMonth[]
  before?: readonly ConsumptionMonth[]
  height: number
  words?: YearWords
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
      {words && <Lines at={lines.filter(({ units }) => units !== 0).map(({ top }) => y(top))} />}
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
            {...lookOf(bar, index === bars.length - 1, words !== undefined)}
          />
        ))}
      </g>
      <rect width="100%" y={ground - 0.5} height="1.5" fill="var(--field)" />
      <LastYear
        points={chart.before.map((top, month) => top !== null && [percent(bars[month]!.middle), y(top)])}
      />
      {words && <Words {...{ bars, before: chart.before, words, y, ground, height }} />}
    </svg>
  )
}

const percent = (share: number) => `${Math.round(share * 1000) / 10}%`

/** Missing: dashed. The last month: amber with an edge, for amber alone is too light. Estimated: hatched. */
function lookOf({ kind }: ConsumptionBar, isLast: boolean, isFull: boolean) {
  if (kind === 'missing') return { fill: 'none', stroke: 'var(--field)', strokeDasharray: '3 3' }
  const isHatched = isFull && kind === 'estimated'
  if (isLast)
    return { fill: isHatched ? 'url(#hatch-last)' : 'var(--sun)', stroke: 'var(--wait)', strokeWidth: 1.5 }
  return isHatched && { fill: 'url(#hatch)', stroke: 'var(--bar)', strokeWidth: 1.5 }
}

/** Round numbers of units, and the hatching, of the last month on its amber. */
const Lines = ({ at }: { at: number[] }) => (
  <>
    <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <path stroke="var(--bar)" strokeWidth="2" d="M0 3h6" />
    </pattern>
    <pattern id="hatch-last" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <path fill="var(--sun)" d="M0 0h6v6H0z" />
      <path stroke="var(--wait)" strokeWidth="2" d="M0 3h6" />
    </pattern>
    <g fill="var(--line)">
      {at.map(top => (
        <rect key={top} width="100%" y={top} height="1" />
      ))}
    </g>
  </>
)

/** Broken where a month is missing; a halo keeps it apart from the bars. */
function LastYear({ points }: { points: (false | [x: string, y: number])[] }) {
  const known = points.filter(point => point !== false)
  if (known.length === 0) return null
  return (
    <>
      <defs>
        <g id="last-year">
          {points.slice(1).map((to, index) => {
            const from = points[index]
            return from && to && <line key={to[0]} x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} />
          })}
        </g>
      </defs>
      <use href="#last-year" stroke="var(--surface)" strokeWidth="4" />
      <use href="#last-year" stroke="var(--accent)" strokeWidth="2" />
      <g stroke="var(--accent)" strokeWidth="2" fill="var(--surface)">
        {known.map(([x, y]) => (
          <circle key={x} cx={x} cy={y} r="3" />
        ))}
      </g>
    </>
  )
}

/** On a phone a month is its first letter, and the last one its name. */
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
  return (
    <g fill="var(--muted)" fontSize="12" textAnchor="middle">
      {bars.map((bar, index) => {
        const x = percent(bar.middle)
        const strong = { fill: 'var(--ink)', fontWeight: 700 }
        return (
          <g key={bar.period} {...(index === last && strong)}>
            {bar.units === null ? (
              <text x={x} y={ground - 12}>
                ?
              </text>
            ) : (
              (bar.isHighest || index === last) && (
                <text x={x} y={y(Math.min(bar.top, before[index] ?? 1)) - 8} {...strong}>
                  {words.units(bar.units)}
                </text>
              )
            )}
            {index < last && (
              <text x={x} y={height - 6} className="sm:hidden print:hidden">
                {words.month(bar.period).slice(0, 1)}
              </text>
            )}
            <text x={x} y={height - 6} className={index < last ? 'hidden sm:inline print:inline' : undefined}>
              {words.month(bar.period)}
            </text>
          </g>
        )
      })}
    </g>
  )
}
