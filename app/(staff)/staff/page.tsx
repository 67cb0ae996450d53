// Where staff arrive: who they are here, and the pages of their work.
import { PageShell } from '@/components/page-shell.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { listBillers } from '@/lib/billers/queries.ts'
import { countExceptions } from '@/lib/payments/exceptions.ts'
import { getTranslations } from '@/lib/request/locale.ts'

/** The pages that lead from here, in their order. */
const PAGES = ['registrations'] as const

export default async function StaffPage() {
  const staff = await requireStaff()
  const t = await getTranslations('staff')
  const billers = (await listBillers()).filter(({ id }) => staff.billerIds.includes(id))
  const exceptions = await countExceptions(staff)
  return (
    <PageShell title={t('title')} lead={t('lead', { name: staff.firstName, role: staff.role })}>
      {exceptions > 0 && <Notice tone="bad">{t('exceptions', { count: exceptions })}</Notice>}
      <p>{t('billers', { billers: billers.map(({ name }) => name).join(', ') })}</p>
      <ul className="space-y-4">
        {PAGES.map(page => (
          <li key={page}>
            <a href={`/staff/${page}`}>{t(`pages.${page}.title`)}</a>
            <p className="text-muted">{t(`pages.${page}.text`)}</p>
          </li>
        ))}
      </ul>
    </PageShell>
  )
}
