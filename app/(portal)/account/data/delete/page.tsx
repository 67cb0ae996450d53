// Deleting the account: what goes, what stays and why, and the form that does it.
import { ActionForm } from '@/components/action-form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { texts } from '@/lib/i18n/texts.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { CODE_ERRORS, secondCodeField } from '../../second-code-field.ts'
import { deleteAccountAction } from './actions.ts'

const KEPT = ['keptBilling', 'keptPayments', 'keptLog', 'keptRefusals'] as const

export default async function DeleteAccountPage() {
  const customer = await requireCustomer()
  const { username } = customer
  const t = await getTranslations('ownData')
  const errors = await getTranslations('errors')
  return (
    <PageShell
      title={t('delete.title')}
      lead={t('delete.lead')}
      back={{ href: '/account/data', label: t('delete.back') }}
    >
      <Card labelledBy="removed">
        <h2 id="removed" className="mb-2">
          {t('delete.removedTitle')}
        </h2>
        <p>{t('delete.removed')}</p>
      </Card>
      <Card labelledBy="kept">
        <h2 id="kept" className="mb-2">
          {t('delete.keptTitle')}
        </h2>
        <ul className="list-disc space-y-2 pl-5">
          {KEPT.map(one => (
            <li key={one}>{t(`delete.${one}`)}</li>
          ))}
        </ul>
      </Card>
      <Notice>{t('delete.copyFirst')}</Notice>
      <ActionForm
        action={deleteAccountAction}
        errorTitle={errors('title')}
        errorTexts={texts(errors, [
          ...CODE_ERRORS,
          'passwordRule',
          'usernameWrong',
          'passwordWrong',
          'closingUnderWay',
          'closingStaff',
        ])}
        fields={[
          {
            kind: 'text',
            name: 'username',
            label: t('delete.username'),
            hint: t('delete.usernameHint', { username }),
            autoComplete: 'off',
            maxLength: 30,
          },
          {
            kind: 'text',
            name: 'currentPassword',
            type: 'password',
            label: t('delete.currentPassword'),
            autoComplete: 'current-password',
            maxLength: 128,
          },
          ...(await secondCodeField(customer)),
        ]}
        buttons={[{ label: t('delete.submit'), look: 'danger' }]}
      />
    </PageShell>
  )
}
