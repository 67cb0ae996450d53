// Pairs of a document, on the screen and on paper: labels and values, as lib/*-content.ts words them.
import type { Row } from '@/lib/i18n/words.ts'
import { Bilingual } from './bilingual.tsx'

export const DocumentRows = ({ rows }: { rows: Row[] }) => (
  <dl className="facts">
    {rows.map(({ label, value, strong }) => (
      <div key={label.text} className={strong ? 'total' : undefined}>
        <dt>
          <Bilingual words={label} />
        </dt>
        <dd>
          <Bilingual words={value} />
        </dd>
      </div>
    ))}
  </dl>
)
