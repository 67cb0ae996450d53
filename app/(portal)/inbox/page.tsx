// What the customer was told, the newest first, and the archive of it.
import { formTexts } from '@/components/form.tsx'
import type { FormButton } from '@/components/form-parts.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { listNotices } from '@/lib/notices/queries.ts'
import { inboxForm } from '@/lib/notifications/forms.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { showForm } from '@/lib/request/show-form.ts'
import { changeNoticesAction } from './actions.ts'
import { inboxPath } from './address.ts'
import { InboxForm } from './form.tsx'
import { rowOf } from './words.ts'

const DONE = ['read', 'readAll', 'archive', 'restore'] as const

export default async function InboxPage({ searchParams }: PageProps<never, 'show' | 'page' | 'done'>) {
  const customer = await requireCustomer()
  const query = await searchParams
  const archived = query.show === 'archive'
  const page = /^[1-9]\d{0,3}$/.test(String(query.page)) ? Number(query.page) : 1
  const now = clock.now()
  const { notices, hasMore } = await listNotices(customer, { archived, page }, now)
  const t = await getTranslations('inbox')
  const locale = await getLocale()
  const done = DONE.find(one => one === query.done)
  const hasUnread = notices.some(({ readAt }) => !readAt)
  return (
    <PageShell title={t('title')}>
      {done && <Done>{t(`done.${done}`)}</Done>}
      <nav className="actions" aria-label={t('title')}>
        {[false, true].map(one => (
          <a
            key={String(one)}
            href={inboxPath({ archived: one })}
            aria-current={one === archived ? 'true' : undefined}
          >
            {t(one ? 'archive' : 'inbox')}
          </a>
        ))}
      </nav>
      {notices.length === 0 ? (
        <Card>
          <p>{t(archived ? 'noneArchived' : 'none')}</p>
        </Card>
      ) : (
        <InboxForm
          {...(await showForm(inboxForm, {
            page: String(page),
            ...(archived && { archived: 'yes' }),
          }))}
          action={changeNoticesAction}
          until={now.toISOString()}
          rows={notices.map(notice => rowOf(notice, now, locale))}
          buttons={archived ? ofArchive(locale) : ofInbox(locale, hasUnread)}
          texts={await formTexts()}
        />
      )}
      {(page > 1 || hasMore) && (
        <p className="actions">
          {page > 1 && <a href={inboxPath({ archived, page: page - 1 })}>{t('newer')}</a>}
          {hasMore && <a href={inboxPath({ archived, page: page + 1 })}>{t('older')}</a>}
        </p>
      )}
      <p className="actions">
        <a href="/account/notices">{t('choices')}</a>
      </p>
    </PageShell>
  )
}

function ofInbox(locale: Locale, hasUnread: boolean): FormButton[] {
  const t = translator(locale, 'inbox')
  const archive: FormButton = { label: t('buttons.archive'), intent: 'archive', look: 'link' }
  if (!hasUnread) return [archive]
  return [
    archive,
    { label: t('buttons.read'), intent: 'read', look: 'link' },
    { label: t('buttons.readAll'), intent: 'readAll', look: 'link' },
  ]
}

const ofArchive = (locale: Locale): FormButton[] => [
  { label: translator(locale, 'inbox')('buttons.restore'), intent: 'restore', look: 'link' },
]
