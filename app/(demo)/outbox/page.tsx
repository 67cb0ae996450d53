// The messages sent, readable by anybody: in the demonstration only.

import { notFound } from 'next/navigation'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Icon } from '@/components/ui/icon.tsx'
import { formatInstant } from '@/lib/i18n/formats.ts'
import { languageTag } from '@/lib/i18n/locale.ts'
import { listOutbox } from '@/lib/notifications/outbox.ts'
import { PORTAL_ZONE } from '@/lib/platform/dates.ts'
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
      <ul className="stack">
        {messages.map(message => (
          <li key={message.id}>
            <Card>
              <small className="flex flex-wrap items-center gap-x-3">
                <Icon name={message.channel === 'email' ? 'mail' : 'phone'} />
                <b className="wrap-anywhere">{message.to}</b>
                <span>
                  {t(`channel.${message.channel}`)} · {formatInstant(message.createdAt, locale, PORTAL_ZONE)}{' '}
                  · {t(`state.${message.state}`)}
                </span>
              </small>
              {message.subject && <h2 lang={languageTag[message.language]}>{message.subject}</h2>}
              <p lang={languageTag[message.language]} className="wrap-anywhere whitespace-pre-line">
                {withLinks(message.text)}
              </p>
              {message.html && (
                <p>
                  <a className="more" href={`/outbox/${message.id}`}>
                    {t('show')}
                  </a>
                </p>
              )}
            </Card>
          </li>
        ))}
      </ul>
    </PageShell>
  )
}

/** Addresses in a text lead where they say, as in a mailbox. */
const withLinks = (text: string) =>
  text.split(/(https?:\/\/[^\s<>"]*[\w/-])/).map((piece, index) =>
    index % 2 ? (
      // The same may stand in it twice.
      // biome-ignore lint/suspicious/noArrayIndexKey: nothing moves in it
      <a key={index} href={piece}>
        {piece}
      </a>
    ) : (
      piece
    ),
  )
