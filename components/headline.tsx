// What a document is opened for: what is owed and until when, or what was paid.
import type { Row } from '@/lib/i18n/words.ts'
import { Bilingual } from './bilingual.tsx'

export function Headline({ rows }: { rows: Row[] }) {
  return (
    <dl className="grid gap-x-10 gap-y-3 rounded-lg bg-raised px-4 py-3 sm:auto-cols-fr sm:grid-flow-col print:auto-cols-fr print:grid-flow-col">
      {rows.map(({ label, value, strong }) => (
        <div key={label.text} className="figure">
          <dt className="text-sm text-muted">
            <Bilingual words={label} />
          </dt>
          <dd className={`wrap-anywhere tabular-nums ${strong ? 'text-2xl font-bold' : 'text-xl'}`}>
            <Bilingual words={value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
