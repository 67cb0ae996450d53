// The link in the message to the old address or number: takes the change back, by a button, because mail programs follow links.

import { Form } from '@/components/form.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { undoContactForm } from '@/lib/accounts/code-forms.ts'
import { getUndoableChange } from '@/lib/accounts/contact.ts'
import { listBillerContacts } from '@/lib/billers/queries.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { BillerContacts } from '../../../../biller-contacts.tsx'
import { undoAction } from './actions.ts'

export default async function UndoContactPage({ params }: PageProps<'token'>) {
  const { token } = await params
  const t = await getTranslations('undoContact')
  const change = await getUndoableChange(token, clock.now())
  if (!change) {
    return (
      <PageShell title={t('goneTitle')} lead={t('gone')}>
        <Card>
          <BillerContacts contacts={await listBillerContacts()} />
        </Card>
        <ButtonLink href="/sign-in">{t('signIn')}</ButtonLink>
      </PageShell>
    )
  }
  if (change.undone) {
    // Whoever took the account knows its password: a new one is the next step.
    return (
      <PageShell title={t(`doneTitle.${change.kind}`)} lead={t('done')}>
        <ButtonLink href="/forgot-password">{t('newPassword')}</ButtonLink>
      </PageShell>
    )
  }
  return (
    <PageShell title={t(`title.${change.kind}`)} lead={t('lead')}>
      <Form
        form={undoContactForm}
        action={undoAction}
        shownFor={{ token }}
        buttons={[{ label: t(`submit.${change.kind}`), look: 'danger' }]}
      />
    </PageShell>
  )
}
