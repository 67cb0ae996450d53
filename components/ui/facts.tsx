// Pairs of a name and what it is: details of a contract, of an invoice.
import type { ReactNode } from 'react'
import { Said } from '../said.tsx'

/** `also`: the label in Albanian, for paper. Where both have no room, the label breaks before its value does. */
export function Facts({ facts }: { facts: { label: string; also?: string; value: ReactNode }[] }) {
  return (
    <dl className="grid grid-cols-1 gap-x-6 sm:grid-cols-2">
      {facts.map(({ label, also, value }) => (
        <div key={label} className="flex justify-between gap-4 border-b border-line py-2">
          <dt className="min-w-16 shrink-[999] text-muted">
            <Said words={{ text: label, also }} />
          </dt>
          <dd className="wrap-anywhere text-right">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
