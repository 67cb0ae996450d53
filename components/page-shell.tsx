// A page's title and column.
import type { ReactNode } from 'react'

/** Not broken at its hyphen as long as a line has room for it: an invoice's number as K-2023-04-6687. */
const HYPHENED = /(\S+-\S+)/

/** `wide`: for tables. `back`: where one came from. */
export function PageShell({
  title,
  lead,
  wide,
  back,
  children,
}: {
  title: string
  lead?: ReactNode
  wide?: boolean
  back?: { href: string; label: string }
  children: ReactNode
}) {
  return (
    <div
      className={`mx-auto w-full max-w-5xl space-y-6 px-4 py-6 sm:py-10 print:p-0 ${wide ? '' : '*:max-w-2xl'}`}
    >
      <title>{`${title} · Drita`}</title>
      <div className="space-y-2">
        {back && (
          <p className="print:hidden">
            <a href={back.href}>{back.label}</a>
          </p>
        )}
        <h1 className="wrap-anywhere">
          {title.split(HYPHENED).map((piece, index) =>
            index % 2 ? (
              <span key={piece} className="inline-block max-w-full">
                {piece}
              </span>
            ) : (
              piece
            ),
          )}
        </h1>
        {lead && <div className="text-muted">{lead}</div>}
      </div>
      {children}
    </div>
  )
}
