// Whom to call or to write to, biller by biller.
import { ContactLinks } from '@/components/contact-links.tsx'
import type { listBillerContacts } from '@/lib/billers/queries.ts'
import { getTranslations } from '@/lib/request/locale.ts'

type BillerContact = Awaited<ReturnType<typeof listBillerContacts>>[number]

export async function BillerContacts({ contacts }: { contacts: BillerContact[] }) {
  const t = await getTranslations('help')
  return (
    <>
      <ul className="mt-1 space-y-1">
        {contacts.map(({ code, name, phone, email }) => (
          <li key={code} className="flex flex-wrap gap-x-3">
            <span>{name}:</span>
            <span>
              <ContactLinks phone={phone} email={email} />
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-3">{t('otherCompanies')}</p>
    </>
  )
}
