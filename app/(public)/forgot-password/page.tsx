// A forgotten password: say who you are, then the link from the e-mail or the code from the SMS.
import { ActionForm } from '@/components/action-form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { texts } from '@/lib/i18n/texts.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { checkCodeAction, requestResetAction } from './actions.ts'

export default async function ForgotPasswordPage({
  searchParams,
}: {
  searchParams: Promise<{ sent?: string; noSms?: string }>
}) {
  const t = await getTranslations('forgotPassword')
  const errors = await getTranslations('errors')
  const { sent, noSms } = await searchParams
  return (
    <PageShell title={t('title')} lead={t('lead')} back={{ href: '/sign-in', label: t('back') }}>
      {noSms !== undefined && <Notice live>{t('noSms')}</Notice>}
      {sent !== undefined && noSms === undefined && (
        <>
          <Notice tone="good" live>
            {t('sent')}
          </Notice>
          <Card labelledBy="reset-code">
            <h2 id="reset-code" className="mb-3">
              {t('codeTitle')}
            </h2>
            <ActionForm
              action={checkCodeAction}
              errorTitle={errors('title')}
              errorTexts={texts(errors, ['required', 'codeForm', 'codeWrong', 'wait'])}
              fields={[
                {
                  kind: 'text',
                  name: 'code',
                  label: t('code'),
                  hint: t('codeHint'),
                  inputMode: 'numeric',
                  autoComplete: 'one-time-code',
                  maxLength: 12,
                },
              ]}
              buttons={[{ label: t('useCode') }]}
            />
          </Card>
        </>
      )}
      <ActionForm
        action={requestResetAction}
        errorTitle={errors('title')}
        errorTexts={texts(errors, ['required', 'tooLong', 'wait'])}
        fields={[
          {
            kind: 'text',
            name: 'identifier',
            label: t('identifier'),
            hint: t('identifierHint'),
            autoComplete: 'username',
            maxLength: 200,
          },
        ]}
        buttons={[sent === undefined ? { label: t('submit') } : { label: t('again'), look: 'secondary' }]}
      />
    </PageShell>
  )
}
