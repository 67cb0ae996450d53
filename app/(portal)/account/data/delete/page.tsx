// Deleting the account: what goes, what stays and why, and the form that does it.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { deleteAccountForm } from '@/lib/accounts/forms.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { withoutCode } from '../../without.ts'
import { deleteAccountAction } from './actions.ts'

const KEPT = ['keptBilling', 'keptPayments', 'keptLog', 'keptRefusals'] as const

export default async function DeleteAccountPage() {
  const customer = await requireCustomer()
  const { username } = customer
  const t = await getTranslations('ownData')
  return (
    <PageShell
      title={t('delete.title')}
      lead={t('delete.lead')}
      back={{ href: '/account/data', label: t('delete.back') }}
    >
      <Card labelledBy="removed" title={t('delete.removedTitle')}>
        <p>{t('delete.removed')}</p>
      </Card>
      <Card labelledBy="kept" title={t('delete.keptTitle')}>
        <ul className="list-disc space-y-2 pl-5">
          {KEPT.map(one => (
            <li key={one}>{t(`delete.${one}`)}</li>
          ))}
        </ul>
      </Card>
      <Notice>{t('delete.copyFirst')}</Notice>
      <Card>
        <p>{t('delete.usernameHint', { username })}</p>
        <Form
          form={deleteAccountForm}
          action={deleteAccountAction}
          without={await withoutCode(customer)}
          buttons={[{ label: t('delete.submit'), look: 'danger' }]}
        />
      </Card>
    </PageShell>
  )
}
