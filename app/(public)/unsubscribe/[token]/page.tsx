// The link in e-mails that somebody chose: says which they are, and a button stops them, or lets them come again. Mail programs
// and their scanners follow links: looking changes nothing.
import { notFound } from 'next/navigation'
import { PageShell } from '@/components/page-shell.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { getSubscription } from '@/lib/notifications/own-choices.ts'
import { readUnsubscribeToken } from '@/lib/notifications/unsubscribing.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

export default async function UnsubscribePage({ params }: PageProps<'token'>) {
  const { token } = await params
  const named = readUnsubscribeToken(token)
  const subscription = named && (await getSubscription(named))
  if (!subscription) notFound()
  const { kind, ofContract, isOn } = subscription
  const t = await getTranslations('unsubscribe')
  const name = (await getTranslations('noticeChoices'))(`fields.${kind as 'overdue'}.label`)
  return (
    <PageShell title={t(isOn ? 'title' : 'doneTitle')}>
      <Card>
        <p>
          <b>{name}</b>
          <br />
          {t(ofContract ? 'ofContract' : 'ofAll')}
        </p>
        <p>{t(isOn ? 'text' : 'done')}</p>
        {/* No form of the portal's: it works without cookies, and any number of times. */}
        <form method="post" action={`/unsubscribe/${token}`}>
          <Button name="intent" value={isOn ? 'off' : 'on'} look={isOn ? 'primary' : 'secondary'}>
            {t(isOn ? 'submit' : 'again')}
          </Button>
        </form>
      </Card>
      <p className="text-muted">{t('always')}</p>
      <p className="actions">
        <a href="/account/notices">{t('choices')}</a>
      </p>
    </PageShell>
  )
}
