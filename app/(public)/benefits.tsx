// What one gets from an account, and whom to call instead.
import { Card } from '@/components/ui/card.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { listBillerContacts } from '@/lib/billers/queries.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { BillerContacts } from './biller-contacts.tsx'

export async function Benefits() {
  const t = await getTranslations('benefits')
  const contacts = await listBillerContacts()
  return (
    <Card labelledBy="benefits" title={t('title')}>
      <Rows
        rows={[
          { id: 'free', icon: 'sun', title: t('free') },
          { id: 'bill', icon: 'doc', title: t('bill') },
          { id: 'pay', icon: 'pay', title: t('pay') },
          { id: 'history', icon: 'usage', title: t('history') },
          { id: 'print', icon: 'print', title: t('print') },
        ]}
      />
      {contacts.length > 0 && <h3 className="mt-5">{t('contacts')}</h3>}
      <BillerContacts contacts={contacts} />
    </Card>
  )
}
