// Who a document is from; on paper the first thing on it, and beside it what became of the document.
import type { Words } from '@/lib/i18n/words.ts'
import { Bilingual } from './bilingual.tsx'
import { Mark } from './mark.tsx'

/** `stamp` is for paper: the screen says it in a notice. A void document bears it across the whole page, too. */
export function Letterhead({
  biller,
  stamp,
}: {
  biller: { name: string; contacts: string[] }
  stamp?: { words: Words; isVoid: boolean }
}) {
  return (
    <div className="letterhead flex items-center gap-3 border-line print:border-b print:pb-3">
      <Mark />
      <div>
        <p className="text-xl font-bold">{biller.name}</p>
        {biller.contacts.length > 0 && <p className="text-sm text-muted">{biller.contacts.join(' · ')}</p>}
      </div>
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
