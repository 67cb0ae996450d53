// Answers by the days that they took, and those after the limit. Without a viewBox, as every chart: letters keep their size.
import { BARS, DAYS_A_BAR } from '@/lib/cases/statistics.ts'

const HEIGHT = 160
/** Above the bars stand figures, below them days. */
const TOP = 24
const GROUND = 136
const LEAST = 3

/** `inTime`: of each bar of days; `label` says the picture in a sentence. On a phone every other bar says its days, where there is room. */
export function AnswersChart({
  inTime,
  late,
  label,
  lateLabel,
}: {
  inTime: number[]
  late: number
  label: string
  lateLabel: string
}) {
  const bars = [...inTime, late]
  const most = Math.max(1, ...bars)
  const step = 100 / bars.length
  const at = (share: number) => `${Math.round(share * 10) / 10}%`
  const height = (count: number) =>
    count === 0 ? 0 : Math.max(LEAST, Math.round((count / most) * (GROUND - TOP)))
  return (
    <svg className="chart" height={HEIGHT} role="img" aria-label={label}>
      <g fill="var(--bar)">
        {bars.map((count, bar) => (
          <rect
            key={daysOf(bar)}
            x={at((bar + 0.1) * step)}
            width={at(step * 0.8)}
            y={GROUND - height(count)}
            height={height(count)}
            rx="3"
            fill={bar === BARS ? 'var(--bad)' : undefined}
          />
        ))}
      </g>
      <rect width="100%" y={GROUND} height="1.5" fill="var(--field)" />
      <g fill="var(--muted)" fontSize="12" textAnchor="middle">
        {bars.map((count, bar) => (
          <g key={daysOf(bar)}>
            <text
              x={at((bar + 0.5) * step)}
              y={GROUND - height(count) - 6}
              fontWeight="700"
              fill="var(--ink)"
            >
              {count}
            </text>
            <text
              x={at(bar === BARS ? 100 : (bar + 0.5) * step)}
              y={HEIGHT - 6}
              textAnchor={bar === BARS ? 'end' : undefined}
              className={bar % 2 || bar === BARS - 2 ? 'hidden sm:inline print:inline' : undefined}
            >
              {bar === BARS ? lateLabel : daysOf(bar)}
            </text>
          </g>
        ))}
      </g>
    </svg>
  )
}

/** `4–5`; the last of them, and what took longer, `14+`. */
export const daysOf = (bar: number): string =>
  bar === BARS - 1 ? `${bar * DAYS_A_BAR}+` : `${bar * DAYS_A_BAR}–${(bar + 1) * DAYS_A_BAR - 1}`
