// Who a document is from; on paper the first thing on it, and beside it what became of the document.
import { Fragment } from 'react'
import type { Letterhead as Head } from '@/lib/billing/letterhead.ts'
import type { Words } from '@/lib/i18n/words.ts'
import { Bilingual } from './bilingual.tsx'
import { Mark } from './biller-mark.tsx'

/** `stamp` is for paper: the screen says it in a notice. A void document bears it across the whole page, too. */
export function Letterhead({
  letterhead: { name, details, logo },
  stamp,
}: {
  letterhead: Head
  stamp?: { words: Words; isVoid: boolean }
}) {
  return (
    <div className="letterhead flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 border-ink text-sm print:border-b-2 print:pb-2">
      <p className="font-bold">
        {logo && <Mark {...logo} />}
        {name}
      </p>
      <p>
        {details.map((detail, index) => (
          <Fragment key={detail.text}>
            {index > 0 && ' · '}
            <Bilingual words={detail} />
          </Fragment>
        ))}
      </p>
      {stamp && (
        <p className="ml-auto hidden rounded-md border-2 border-ink px-3 py-1 text-lg leading-tight font-bold print:block">
          <Bilingual words={stamp.words} />
        </p>
      )}
      {stamp?.isVoid && (
        <span aria-hidden="true" className="void hidden print:flex">
          {stamp.words.text}
        </span>
      )}
    </div>
  )
}
