// Whom to call or to write to, biller by biller.
import { ContactLinks } from '@/components/contact-links.tsx'
import type { listBillerContacts } from '@/lib/billers/queries.ts'
import { getTranslations } from '@/lib/request/locale.ts'

type BillerContact = Awaited<ReturnType<typeof listBillerContacts>>[number]

export async function BillerContacts({ contacts }: { contacts: BillerContact[] }) {
  const t = await getTranslations('help')
  return (
    <>
      <ul>
        {contacts.map(({ code, name, phone, email }) => (
          <li key={code} className="actions items-baseline">
            <b>{name}</b>
            <span>
              <ContactLinks phone={phone} email={email} />
            </span>
          </li>
        ))}
      </ul>
      <small>{t('otherCompanies')}</small>
    </>
  )
}
