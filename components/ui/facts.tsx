// Pairs of a name and what it is: details of a contract, of an invoice.
import type { ReactNode } from 'react'
import { Bilingual } from '../bilingual.tsx'

type FactsProps = {
  facts: { label: string; also?: string; value: ReactNode; prose?: boolean }[]
  sum?: boolean
  columns?: 1 | 2
}

/**
 * `also`: the label in Albanian, for paper. A value that has no room beside its label stands below it; `prose`, what somebody wrote, does always. `columns`: two, read
 * downwards, where there is room for them. `sum`: the last is the sum of those above.
 */
export function Facts({ facts, sum, columns = sum ? 1 : 2 }: FactsProps) {
  return (
    <dl className={columns === 2 ? 'facts two' : 'facts'}>
      {facts.map(({ label, also, value, prose }, index) => (
        <div
          key={label}
          className={prose ? 'prose' : sum && index === facts.length - 1 ? 'total' : undefined}
        >
          <dt>
            <Bilingual words={{ text: label, also }} />
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
