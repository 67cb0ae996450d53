// Registering: one form, then a code by SMS.

import { Form } from '@/components/form.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { paperBills } from '@/components/paper-bill.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { registerForm } from '@/lib/accounts/forms.ts'
import { listBillerChoices } from '@/lib/billers/queries.ts'
import { answerPath } from '@/lib/help/topics.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { registerAction } from './actions.ts'

export default async function RegisterPage({ searchParams }: PageProps<never, 'gone'>) {
  const { gone } = await searchParams
  const t = await getTranslations('register')
  const errors = await getTranslations('errors')
  return (
    <PageShell
      title={t('title')}
      lead={
        <>
          <p>{t('lead')}</p>
          <p>
            {t.rich('haveAccount', { link: linkTo('/sign-in') })}{' '}
            {t.rich('refused', { link: linkTo(answerPath('why-registration-fails')) })}
          </p>
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
        options={{ biller: await listBillerChoices() }}
        labels={{
          acceptTerms: t.rich('acceptTerms', {
            terms: linkTo('/terms'),
            privacy: linkTo('/privacy'),
            refunds: linkTo('/refunds'),
          }),
        }}
        pictures={{ contractCode: await paperBills() }}
        links={{
          conflict: [
            { href: '/sign-in', label: t('ways.signIn') },
            { href: '/forgot-password', label: t('ways.newPassword') },
            { href: '/register/dispute/begin', label: t('ways.dispute'), carries: true },
          ],
        }}
      />
    </PageShell>
  )
}
