// The link in the message to the old address or number: takes the change back, by a button, because mail programs follow links.
import { PageShell } from '@/components/page-shell.tsx'
import { Button, ButtonLink } from '@/components/ui/button.tsx'
import { getUndoableChange } from '@/lib/accounts/contact.ts'
import { getTranslations } from '@/lib/i18n/server.ts'
import { clock } from '@/lib/platform/clock.ts'
import { undoAction } from './actions.ts'

export default async function UndoContactPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  const t = await getTranslations('undoContact')
  const kind = await getUndoableChange(token, clock.now())
  if (!kind) {
    return (
      <PageShell
        title={t('goneTitle')}
        lead={t.rich('gone', { link: chunks => <a href="/help#contact">{chunks}</a> })}
      >
        <ButtonLink href="/sign-in">{t('signIn')}</ButtonLink>
      </PageShell>
    )
  }
  return (
    <PageShell title={t(`title.${kind}`)} lead={t('lead')}>
      <form action={undoAction.bind(null, token)}>
        <Button look="danger">{t('submit')}</Button>
      </form>
    </PageShell>
  )
}
