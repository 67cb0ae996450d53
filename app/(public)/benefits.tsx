// What one gets from an account, and whom to call instead.
import { getTranslations } from 'next-intl/server'
import { Card } from '@/components/ui/card.tsx'
import { listBillerContacts } from '@/lib/contracts/queries.ts'

export async function Benefits() {
  const t = await getTranslations('benefits')
  const contacts = await listBillerContacts()
  return (
    <Card labelledBy="benefits">
      <h2 id="benefits">{t('title')}</h2>
      <ul className="mt-3 list-disc space-y-1 pl-5">
        <li>{t('free')}</li>
        <li>{t('bill')}</li>
        <li>{t('pay')}</li>
        <li>{t('history')}</li>
        <li>{t('print')}</li>
      </ul>
      {contacts.length > 0 && <h3 className="mt-5">{t('contacts')}</h3>}
      <ul className="mt-1 space-y-1">
        {contacts.map(({ code, name, phone, email }) => (
          <li key={code} className="flex flex-wrap gap-x-3">
            <span>{name}:</span>
            {phone && <a href={`tel:${phone.replace(/\s/g, '')}`}>{phone}</a>}
            {email && <a href={`mailto:${email}`}>{email}</a>}
          </li>
        ))}
      </ul>
    </Card>
  )
}
