// What one gets from an account.
import { Card } from '@/components/ui/card.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { getTranslations } from '@/lib/request/locale.ts'

export async function Benefits() {
  const t = await getTranslations('benefits')
  return (
    <Card labelledBy="benefits" title={t('title')}>
      <Rows
        rows={[
          { id: 'free', icon: 'sun', title: t('free') },
          { id: 'bill', icon: 'doc', title: t('bill') },
          { id: 'pay', icon: 'pay', title: t('pay') },
          { id: 'requests', icon: 'request', title: t('requests') },
          { id: 'history', icon: 'usage', title: t('history') },
          { id: 'print', icon: 'print', title: t('print') },
        ]}
      />
    </Card>
  )
}
