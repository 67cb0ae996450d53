// The sky says how one stands: an evening while something is to be paid, a morning where nothing is.
import type { ReactNode } from 'react'
import { ButtonLink } from './ui/button.tsx'

/**
 * `big`: the h1 in it is the news. `low`: what stands below it is looked for. `children`: one block, or two that stand side by side
 * where there is room.
 */
export function Sky({
  dawn,
  big,
  low,
  children,
}: {
  dawn?: boolean
  big?: boolean
  low?: boolean
  children: ReactNode
}) {
  const look = ['sky', dawn && 'dawn', big && 'big', low && 'low'].filter(Boolean).join(' ')
  return (
    <div className={look}>
      <div className={big ? 'wrap centred stack' : low ? 'wrap' : 'wrap two-columns'}>{children}</div>
    </div>
  )
}

/** Nothing is left to pay: the page's news, and the way on, which is home. */
export const ClearSky = ({
  title,
  text,
  home,
  href = '/contracts',
}: {
  title: string
  text: string
  home: string
  href?: string
}) => (
  <Sky dawn big>
    <Sun look="up" />
    <h1>{title}</h1>
    <p>{text}</p>
    <p className="actions">
      <ButtonLink href={href} look="secondary">
        {home}
      </ButtonLink>
    </p>
  </Sky>
)

/** The sun over its line: `up` with a tick where something is done, `half` where it is waited for. */
export function Sun({ look }: { look: 'up' | 'half' }) {
  return look === 'up' ? (
    <svg className="moment" width="170" height="128" viewBox="-60 -58 120 90" aria-hidden="true">
      <g className="sun">
        <circle r="26" />
        <path d="M0-38v-10M-33-19l-9-5M33-19l9-5M-19-33l-5-9M19-33l5-9M-38 0h-10M38 0h10" />
      </g>
      <path
        d="M-11 1l8 8L11-8"
        fill="none"
        stroke="#1c2430"
        strokeWidth="6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M-56 31h112" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
    </svg>
  ) : (
    <svg width="190" height="96" viewBox="-60 -34 120 60" aria-hidden="true">
      <g className="sun">
        <path d="M-26 20a26 26 0 0 1 52 0z" />
        <path d="M0-18v-9M-27-7l-6-6M27-7l6-6M-37 14h-10M37 14h10" />
      </g>
      <path d="M-58 21H58" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
    </svg>
  )
}

/** The land before the evening sky, of the front door and of errors. `dim`: its sun is out. */
export function Land({ dim }: { dim?: boolean }) {
  const rays = 'M0-72v-20M-51-51l-14-14M51-51l14-14M-28-66l-8-18M28-66l8-18M-66-28l-18-8M66-28l18-8'
  const windows =
    'M90 184h12v12H90zM156 192h9v9h-9zM418 178h11v12h-11zM436 178h11v12h-11zM660 188h11v11h-11zM718 166h10v10h-10zM738 166h10v10h-10zM718 184h10v10h-10zM738 200h10v10h-10zM980 186h11v11h-11zM1048 192h9v9h-9z'
  return (
    <svg className="land" viewBox="0 0 1200 260" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      <g className={dim ? 'dim' : 'sun'} transform="translate(760 116)">
        <circle r="50" />
        <path d={rays} strokeWidth="6" strokeLinecap="round" />
      </g>
      <path
        fill="var(--far)"
        d="M-600 200L-200 120 0 150 90 120 150 135 250 70 300 98 360 60 440 116 520 88 640 132 700 140 760 144 830 138 900 104 980 132 1080 84 1140 112 1200 90 1400 130 1800 200V260H-600z"
      />
      <g fill="none" stroke="#4d6a83" strokeWidth="2">
        <path d="M-600 160Q-200 190 -20 150 120 196 260 152T560 158 860 160 1220 150 1800 160M-600 168Q-200 198 -20 158 120 204 260 160T560 166 860 168 1220 158 1800 168" />
        <path strokeWidth="4" d="M260 142v80M246 152h28M560 148v80M546 158h28M860 150v80M846 160h28" />
      </g>
      <path
        fill="var(--near)"
        d="M-600 200H0Q160 168 330 196T640 200 930 196 1200 190H1800V260H-600zM70 212v-36l28-20 28 20v36zM140 212v-24l20-14 20 14v24zM400 214v-44l30-20 30 20v44zM470 214v-28l22-14 22 14v28zM640 214v-30l26-18 26 18v30zM710 216v-58h46v58zM960 212v-32l26-18 26 18v32zM1030 212v-26l22-15 22 15v26z"
      />
      <path fill={dim ? '#2c465c' : 'var(--sun)'} d={windows} />
    </svg>
  )
}
