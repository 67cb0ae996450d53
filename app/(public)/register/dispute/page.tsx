// Disputing an earlier registration: the same details as for registering, and a document of identity.

import { Form } from '@/components/form.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { paperBills } from '@/components/paper-bill.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { listBillerChoices } from '@/lib/billers/queries.ts'
import { disputeForm } from '@/lib/cases/forms.ts'
import { parseCaseNumber } from '@/lib/cases/schema.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { disputeAction } from './actions.ts'

export default async function DisputePage({ searchParams }: PageProps<never, 'sent' | 'tooLarge'>) {
  const t = await getTranslations('dispute')
  const { sent, tooLarge } = await searchParams
  const back = { href: '/register', label: t('back') }
  if (sent !== undefined) {
    const number = parseCaseNumber(sent)
    return (
      <PageShell title={t('sentTitle')} back={back}>
        <Done>{t('sent')}</Done>
        {number && <p>{t.rich('number', { number: () => <b className="code">{number}</b> })}</p>}
      </PageShell>
    )
  }
  return (
    <PageShell
      title={t('title')}
      back={back}
      lead={
        <>
          <p>{t('lead')}</p>
          <p>{t.rich('own', { signIn: linkTo('/sign-in'), forgot: linkTo('/forgot-password') })}</p>
        </>
      }
    >
      <Form
        form={disputeForm}
        action={disputeAction}
        options={{ biller: await listBillerChoices() }}
        pictures={{ contractCode: await paperBills() }}
        tooLarge={tooLarge !== undefined}
      >
        <p className="text-muted">{t('privacy')}</p>
      </Form>
    </PageShell>
  )
}
