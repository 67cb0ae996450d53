// What one gets from an account, and whom to call instead.
import { Card } from '@/components/ui/card.tsx'
import { listBillerContacts } from '@/lib/billers/queries.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { BillerContacts } from './biller-contacts.tsx'

export async function Benefits() {
  const t = await getTranslations('benefits')
  const contacts = await listBillerContacts()
  return (
    <Card labelledBy="benefits" title={t('title')}>
      <ul className="mt-3 list-disc space-y-1.5 pl-5 marker:text-light">
        <li>{t('free')}</li>
        <li>{t('bill')}</li>
        <li>{t('pay')}</li>
        <li>{t('history')}</li>
        <li>{t('print')}</li>
      </ul>
      {contacts.length > 0 && <h3 className="mt-5">{t('contacts')}</h3>}
      <BillerContacts contacts={contacts} />
    </Card>
  )
}
