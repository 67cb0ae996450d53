// The messages sent, readable by anybody: in the demonstration only.
import { notFound } from 'next/navigation'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { languageTag } from '@/lib/i18n/locale.ts'
import { listOutbox } from '@/lib/notifications/outbox.ts'
import { env } from '@/lib/platform/env.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

export default async function OutboxPage() {
  if (!env().DEMO) notFound()
  const t = await getTranslations('outbox')
  const locale = await getLocale()
  const messages = await listOutbox(50)
  return (
    <PageShell title={t('title')} lead={t('lead')}>
      {messages.length === 0 && <p>{t('empty')}</p>}
      <ul className="space-y-4">
        {messages.map(message => (
          <li key={message.id}>
            <Card>
              <p className="text-sm text-muted">
                {t(`channel.${message.channel}`)} · {message.to} ·{' '}
                {formatInstant(message.createdAt, locale, 'Europe/Belgrade')} · {t(`state.${message.state}`)}
              </p>
              {message.subject && <h2 lang={languageTag[message.language]}>{message.subject}</h2>}
              <p lang={languageTag[message.language]} className="mt-2 whitespace-pre-line">
                {message.text}
              </p>
              {message.html && (
                <p className="mt-3">
                  <a href={`/outbox/${message.id}`}>{t('show')}</a>
                </p>
              )}
            </Card>
          </li>
        ))}
      </ul>
    </PageShell>
  )
}
