// The sun's way from the day of issue to the due date, on or below the horizon. The words beside it say it all.
import { sunAt } from '@/lib/billing/sun.ts'

/** In the drawing: where the way begins, how far it is to the due date, where the horizon is, and how high it goes. */
const START = 10
const SPAN = 188
const HORIZON = 50
const HEIGHT = 34
/** The way is drawn in so many steps to the due date. */
const STEPS = 16

/** `t`: how much of the time to pay is over (lib/billing/sun.ts). `issued`, `due`: what stands at the line's ends; `today`: at the sun, once it is late. */
export function SunPath({
  t,
  issued,
  due,
  today,
}: {
  t: number
  issued: string
  due: string
  today: string
}) {
  const isLate = t > 1
  const sun = placeOf(t)
  const gone = wayTo(0, Math.min(t, 1))
  return (
    <svg className="sun-path" viewBox="0 0 320 106" aria-hidden="true">
      <path fill="#fdf8ec" opacity=".1" d={`M${gone}V${HORIZON}H${START}z`} />
      <g fill="none" stroke="var(--muted)" strokeWidth="2" strokeLinecap="round">
        <path d={`M0 ${HORIZON}H320M${START + SPAN} ${HORIZON - 5}v10`} />
        <path d={`M${gone}`} />
        <path strokeDasharray="1 6" d={`M${isLate ? wayTo(1, t) : wayTo(t, 1)}`} />
      </g>
      {isLate ? (
        <circle fill="var(--night)" stroke="var(--sun)" strokeWidth="2.5" cx={sun.x} cy={sun.y} r="8" />
      ) : (
        <g className="sun" transform={`translate(${sun.x} ${sun.y}) scale(.8)`}>
          <circle r="8.5" />
          <path d="M0-15v-4M0 15v4M-15 0h-4M15 0h4M-10.6-10.6l-2.8-2.8M10.6-10.6l2.8-2.8M-10.6 10.6l-2.8 2.8M10.6 10.6l2.8 2.8" />
        </g>
      )}
      <g fill="var(--muted)" fontSize="12">
        <text x="0" y="67">
          {issued}
        </text>
        {isLate ? (
          <>
            <text x={START + SPAN + 8} y="40">
              {due}
            </text>
            <text x={sun.x + 9} y={sun.y + 21} textAnchor="end">
              {today}
            </text>
          </>
        ) : (
          <text x={START + SPAN} y="67" textAnchor="middle">
            {due}
          </text>
        )}
      </g>
    </svg>
  )
}

function placeOf(t: number): { x: number; y: number } {
  const { x, y } = sunAt(t)
  return { x: Math.round(START + x * SPAN), y: Math.round(HORIZON + y * HEIGHT) }
}

/** The points from one time to another, as a path. */
function wayTo(from: number, to: number): string {
  const steps = Math.max(1, Math.round((to - from) * STEPS))
  return Array.from({ length: steps + 1 }, (_, step) => {
    const { x, y } = placeOf(from + ((to - from) * step) / steps)
    return `${x} ${y}`
  }).join(' ')
}
