// Pairs of a name and what it is: details of a contract, of an invoice.
import type { ReactNode } from 'react'
import { Said } from '../said.tsx'

/** `also`: the label in Albanian, for paper. A value that has no room beside its label stands below it, unbroken. */
export function Facts({ facts }: { facts: { label: string; also?: string; value: ReactNode }[] }) {
  return (
    <dl className="grid grid-cols-1 gap-x-6 sm:grid-cols-2">
      {facts.map(({ label, also, value }) => (
        <div key={label} className="flex flex-wrap justify-between gap-x-4 border-b border-line py-2">
          <dt className="text-muted">
            <Said words={{ text: label, also }} />
          </dt>
          <dd className="ml-auto wrap-anywhere text-right">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
