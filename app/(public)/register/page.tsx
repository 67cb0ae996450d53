// Registering: one form, then a code by SMS.
import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { registerForm } from '@/lib/accounts/forms.ts'
import { listBillers } from '@/lib/billers/queries.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { registerAction } from './actions.ts'

export default async function RegisterPage({ searchParams }: { searchParams: Promise<{ gone?: string }> }) {
  const { gone } = await searchParams
  const t = await getTranslations('register')
  const errors = await getTranslations('errors')
  const billers = await listBillers()
  const legal = (path: string) => (chunks: React.ReactNode) => <a href={path}>{chunks}</a>
  return (
    <PageShell
      title={t('title')}
      lead={
        <>
          <p>{t('lead')}</p>
          <p>{t.rich('haveAccount', { link: chunks => <a href="/sign-in">{chunks}</a> })}</p>
        </>
      }
    >
      {gone !== undefined && (
        <Notice tone="wait" done>
          {errors('gone')}
        </Notice>
      )}
      <Form
        form={registerForm}
        action={registerAction}
        options={{ biller: billers.map(({ code, name }) => ({ value: code, label: name })) }}
        labels={{
          acceptTerms: t.rich('acceptTerms', {
            terms: legal('/terms'),
            privacy: legal('/privacy'),
            refunds: legal('/refunds'),
          }),
        }}
        links={{ conflict: { href: '/register/dispute', label: t('disputeLink') } }}
      />
    </PageShell>
  )
}
