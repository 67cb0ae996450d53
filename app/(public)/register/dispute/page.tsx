// Disputing an earlier registration: the same details as for registering, and a document of identity.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { listBillers } from '@/lib/billers/queries.ts'
import { disputeForm } from '@/lib/cases/forms.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { disputeAction } from './actions.ts'

export default async function DisputePage({
  searchParams,
}: {
  searchParams: Promise<{ sent?: string; tooLarge?: string }>
}) {
  const t = await getTranslations('dispute')
  const { sent, tooLarge } = await searchParams
  const back = { href: '/register', label: t('back') }
  if (sent !== undefined) {
    return (
      <PageShell title={t('sentTitle')} back={back}>
        <Notice tone="good" live>
          {t('sent')}
        </Notice>
      </PageShell>
    )
  }
  const billers = await listBillers()
  const link = (path: string) => (chunks: React.ReactNode) => <a href={path}>{chunks}</a>
  return (
    <PageShell
      title={t('title')}
      back={back}
      lead={
        <>
          <p>{t('lead')}</p>
          <p>{t.rich('own', { signIn: link('/sign-in'), forgot: link('/forgot-password') })}</p>
        </>
      }
    >
      <Form
        form={disputeForm}
        action={disputeAction}
        options={{ biller: billers.map(({ code, name }) => ({ value: code, label: name })) }}
        errors={tooLarge === undefined ? {} : { documents: 'documentsTooLarge' }}
      >
        <p className="text-muted">{t('privacy')}</p>
      </Form>
    </PageShell>
  )
}
