// Who a document is from; on paper the first thing on it.
import { Mark } from './mark.tsx'

export function Letterhead({ biller }: { biller: { name: string; contacts: string[] } }) {
  return (
    <div className="letterhead flex items-center gap-3 border-line print:border-b print:pb-3">
      <Mark />
      <div>
        <p className="text-xl font-bold">{biller.name}</p>
        {biller.contacts.length > 0 && <p className="text-sm text-muted">{biller.contacts.join(' · ')}</p>}
      </div>
    </div>
  )
}
