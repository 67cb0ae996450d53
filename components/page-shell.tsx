// A page's title and column.
import type { ReactNode } from 'react'
import { Static } from './static.tsx'

/** Not broken at its hyphen as long as a line has room for it: an invoice's number as K-2023-04-6687. */
const HYPHENED = /(\S+-\S+)/

/**
 * `above`: what the page belongs to (a contract with its tabs). `back`: where one came from. `sky`: in place of title and lead,
 * as wide as the window, with the page's h1. `action`: right of the title, where there is room. `wide`: for tables and two columns.
 */
export function PageShell({
  title,
  lead,
  wide,
  back,
  above,
  sky,
  action,
  children,
}: {
  title: string
  lead?: ReactNode
  wide?: boolean
  back?: { href: string; label: string }
  above?: ReactNode
  sky?: ReactNode
  action?: ReactNode
  children: ReactNode
}) {
  return (
    <>
      <title>{`${title} · Drita`}</title>
      {sky}
      <div className={wide ? 'wrap stack' : 'wrap narrow stack'}>
        {(above || back || !sky) && (
          <Static as="div" className="stack">
            {above}
            {back && (
              <p className="trail">
                <a href={back.href}>{back.label}</a>
              </p>
            )}
            {!sky &&
              (action ? (
                <div className="card-head">
                  <Title text={title} />
                  {action}
                </div>
              ) : (
                <Title text={title} />
              ))}
          </Static>
        )}
        {lead && <div>{lead}</div>}
        {children}
      </div>
    </>
  )
}

const Title = ({ text }: { text: string }) => (
  <h1 className="wrap-anywhere">
    {text.split(HYPHENED).map((piece, index) =>
      index % 2 ? (
        <span key={piece} className="inline-block max-w-full">
          {piece}
        </span>
      ) : (
        piece
      ),
    )}
  </h1>
)
