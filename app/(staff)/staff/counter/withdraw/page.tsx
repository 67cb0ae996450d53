// Asks that an account be a contract's holder no longer.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { listBillerChoices } from '@/lib/billers/queries.ts'
import { withdrawalForm } from '@/lib/cases/forms.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { askWithdrawalAction } from '../actions.ts'

export default async function WithdrawPage({ searchParams }: PageProps<never, 'biller' | 'code'>) {
  const staff = await requireStaff()
  const t = await getTranslations('withdrawal')
  const { biller, code } = await searchParams
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/staff/counter', label: t('back') }}>
      <Form
        form={withdrawalForm}
        action={askWithdrawalAction}
        values={{ biller: String(biller ?? ''), contractCode: String(code ?? '') }}
        options={{ biller: await listBillerChoices(staff.billerIds) }}
      />
    </PageShell>
  )
}
