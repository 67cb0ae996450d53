// Where staff find a customer: by one exact identifier, and with a reason.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { listBillerChoices } from '@/lib/billers/queries.ts'
import { findCustomerForm } from '@/lib/looks/forms.ts'
import { LOOK_MINUTES } from '@/lib/looks/schema.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { findCustomerAction } from './actions.ts'

export default async function FindCustomerPage() {
  const staff = await requireStaff()
  const t = await getTranslations('findCustomer')
  const ofLook = await getTranslations('look')
  const options = await listBillerChoices(staff.billerIds)
  return (
    <PageShell title={t('title')} lead={t('lead')}>
      <Card>
        <Form
          form={findCustomerForm}
          action={findCustomerAction}
          options={{ biller: options }}
          values={{ biller: options.length === 1 ? options[0]!.value : '' }}
          focus="identifier"
        />
        <p>
          <small>{ofLook('lead', { minutes: LOOK_MINUTES })}</small>
        </p>
      </Card>
    </PageShell>
  )
}
