// Helps somebody who cannot sign in.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { unlockForm } from '@/lib/counter/forms.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { unlockAction } from '../actions.ts'

export default async function UnlockPage({ searchParams }: PageProps<never, 'done'>) {
  const staff = await requireStaff()
  const t = await getTranslations('unlock')
  const { done } = await searchParams
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/staff/counter', label: t('back') }}>
      {(done === 'wait' || done === 'secondStep') && <Done>{t(`done.${done}`)}</Done>}
      <Form form={unlockForm} action={unlockAction} without={staff.role === 'agent' ? ['lift'] : []} />
      <p>
        <small>{t('never')}</small>
      </p>
    </PageShell>
  )
}
