// Whom to call or to write to, biller by biller.
import type { listBillerContacts } from '@/lib/contracts/queries.ts'

type BillerContact = Awaited<ReturnType<typeof listBillerContacts>>[number]

export function BillerContacts({ contacts }: { contacts: BillerContact[] }) {
  return (
    <ul className="mt-1 space-y-1">
      {contacts.map(({ code, name, phone, email }) => (
        <li key={code} className="flex flex-wrap gap-x-3">
          <span>{name}:</span>
          {phone && <a href={`tel:${phone.replace(/\s/g, '')}`}>{phone}</a>}
          {email && <a href={`mailto:${email}`}>{email}</a>}
        </li>
      ))}
    </ul>
  )
}
