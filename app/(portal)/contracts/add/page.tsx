// Adding a contract.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { paperBills } from '@/components/paper-bill.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { listBillerChoices } from '@/lib/billers/queries.ts'
import { addContractForm } from '@/lib/contracts/forms.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { addContractAction } from './actions.ts'

export default async function AddContractPage() {
  const { firstName, lastName } = await requireCustomer()
  const t = await getTranslations('addContract')
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/contracts', label: t('back') }}>
      <Form
        form={addContractForm}
        action={addContractAction}
        values={{ firstName, lastName }}
        options={{ biller: await listBillerChoices() }}
        pictures={{ contractCode: await paperBills() }}
      />
    </PageShell>
  )
}
