// At the counter: who stands there is a contract's holder; and the ways to what else is done there.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { requireStaff } from '@/lib/auth/guards.ts'
import { listBillerChoices } from '@/lib/billers/queries.ts'
import { recogniseForm } from '@/lib/counter/forms.ts'
import { openRecognised } from '@/lib/counter/recognised.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { recogniseAction } from './actions.ts'

export default async function CounterPage({ searchParams }: PageProps<never, 'done' | 'biller' | 'code'>) {
  const staff = await requireStaff()
  const t = await getTranslations('counter')
  const { done, biller, code } = await searchParams
  const recognised = openRecognised(done, staff.id, clock.now())
  return (
    <PageShell title={t('title')} lead={t('lead')}>
      {recognised && <Done>{t('done', recognised)}</Done>}
      <Card labelledBy="recognise" title={t('recognise')}>
        <p>{t('means')}</p>
        <Form
          form={recogniseForm}
          action={recogniseAction}
          values={{ biller: String(biller ?? ''), contractCode: String(code ?? '') }}
          options={{ biller: await listBillerChoices(staff.billerIds) }}
        />
      </Card>
      <Card labelledBy="more" title={t('more')}>
        <ul className="stack">
          {(['withdraw', 'unlock'] as const).map(name => (
            <li key={name}>
              <a href={`/staff/counter/${name}`}>{t(`ways.${name}`)}</a>
            </li>
          ))}
        </ul>
      </Card>
    </PageShell>
  )
}
