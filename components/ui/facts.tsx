// Pairs of a name and what it is: details of a contract, of an invoice.
import type { ReactNode } from 'react'
import { Bilingual } from '../bilingual.tsx'

type FactsProps = { facts: { label: string; also?: string; value: ReactNode }[]; sum?: boolean }

/**
 * `also`: the label in Albanian, for paper. A value that has no room beside its label stands below it, unbroken. Two columns,
 * read downwards, where there is room; `sum`: one, whose last is the sum of those above.
 */
export function Facts({ facts, sum }: FactsProps) {
  return (
    <dl className={sum ? '*:last:border-0 *:last:font-bold' : 'gap-x-6 sm:columns-2'}>
      {facts.map(({ label, also, value }) => (
        <div
          key={label}
          className="flex break-inside-avoid flex-wrap justify-between gap-x-4 border-b border-line py-2"
        >
          <dt className="text-muted">
            <Bilingual words={{ text: label, also }} />
          </dt>
          <dd className="ml-auto wrap-anywhere text-right tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
