// Changing the password.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { changePasswordForm } from '@/lib/accounts/forms.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { withoutCode } from '../without.ts'
import { changePasswordAction } from './actions.ts'

export default async function ChangePasswordPage() {
  const customer = await requireCustomer()
  const t = await getTranslations('changePassword')
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/account', label: t('back') }}>
      <Card>
        <Form form={changePasswordForm} action={changePasswordAction} without={await withoutCode(customer)} />
      </Card>
    </PageShell>
  )
}
