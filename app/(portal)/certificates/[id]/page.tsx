// An application for a debt certificate: what was issued, as the paper says it; or how it stands, and what is asked.
import { notFound } from 'next/navigation'
import { CertificateChip } from '@/components/certificate-chip.tsx'
import { fieldTexts } from '@/components/form.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Icon, type IconName } from '@/components/ui/icon.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { type Application, getApplication } from '@/lib/cases/own-certificates.ts'
import { parseId } from '@/lib/cases/schema.ts'
import { certificateForm } from '@/lib/certificates/forms.ts'
import { certificatePath } from '@/lib/certificates/schema.ts'
import { atStart, formatDayInSentence, formatInstant } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { dayIn } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { Answer, Withdraw } from './moves.tsx'
import { Paper } from './paper.tsx'

type Query = 'done' | 'withdraw' | 'tooLarge'

export default async function CertificatePage({ params, searchParams }: PageProps<'id', Query>) {
  const customer = await requireCustomer()
  const id = parseId((await params).id)
  const one = id && (await getApplication(customer, id, clock.now()))
  if (!one) notFound()
  const { done, withdraw, tooLarge } = await searchParams
  const t = await getTranslations('certificates')
  const ofKind = await getTranslations('kinds')
  const isLeaving = withdraw !== undefined && one.open.includes('withdraw')
  const isAnswering = one.open.includes('answer')
  return (
    <PageShell
      title={atStart(ofKind(`${one.kind}.name`))}
      above={
        <p className="trail">
          <a href="/certificates">{t('title')}</a>
          {one.certificate && (
            <>
              {' '}
              · <span className="code">{one.certificate.number}</span>
            </>
          )}
        </p>
      }
      wide
    >
      {done === 'sent' && !one.content && <Done>{t('done.sent')}</Done>}
      {(done === 'answered' || done === 'withdrawn') && <Done>{t(`done.${done}`)}</Done>}
      <Stands one={one} isNew={done === 'sent'} />
      {one.content && one.validity !== 'revoked' && <Paper content={one.content} />}
      {!one.content && <Entered one={one} />}
      {isLeaving && <Withdraw one={one} />}
      {isAnswering && !isLeaving && <Answer one={one} tooLarge={tooLarge !== undefined} />}
      <Card labelledBy="history" title={t('history')}>
        <History one={one} />
        {one.open.includes('withdraw') && !isLeaving && (
          <p className="actions">
            <a href={`${certificatePath(one.id)}?withdraw`}>{t('withdraw.link')}</a>
          </p>
        )}
      </Card>
    </PageShell>
  )
}

/** In a sentence; of what is issued, with the file. */
async function Stands({ one, isNew }: { one: Application; isNew: boolean }) {
  const t = await getTranslations('certificates')
  const locale = await getLocale()
  const { state, validity, biller, dueAt, certificate } = one
  const reason = one.history.findLast(({ move }) => move === 'reject' || move === 'revoke')?.note
  const chip = <CertificateChip one={one} locale={locale} />
  if (validity && certificate) {
    return (
      <section className="card stack print:hidden" aria-label={t('columns.status')}>
        <p>{chip}</p>
        <p className="lead">
          <b>
            {validity === 'valid' && isNew
              ? t(certificate.total > 0 ? 'stands.issuedOwing' : 'stands.issued')
              : t(`stands.${validity}`, {
                  day: formatDayInSentence(dayIn(biller.timeZone, one.certificate!.asOf), locale),
                })}
          </b>
        </p>
        {validity === 'valid' ? (
          <p className="text-sm text-muted">{t('sealed')}</p>
        ) : (
          <p>{t.rich('again', { link: linkTo('/certificates/new') })}</p>
        )}
        {validity === 'revoked' && reason && <p className="whitespace-pre-line wrap-anywhere">{reason}</p>}
        <p className="actions">
          {validity !== 'revoked' && (
            <ButtonLink
              href={`${certificatePath(one.id)}/pdf`}
              look={validity === 'valid' ? 'primary' : 'secondary'}
              icon="down"
            >
              {t('download')}
            </ButtonLink>
          )}
          <a href={`/verify/${one.code}`}>{t('verifyLink')}</a>
        </p>
      </section>
    )
  }
  const day = dueAt && formatDayInSentence(dayIn(biller.timeZone, new Date(dueAt.getTime() - 1)), locale)
  return (
    <section className="card stack" aria-label={t('columns.status')}>
      <p>{chip}</p>
      <p className="lead">
        <b>{t(`waits.${state}`, { biller: biller.name, day: day ?? '' })}</b>
      </p>
      {state === 'rejected' && reason && <p className="whitespace-pre-line wrap-anywhere">{reason}</p>}
      {(state === 'rejected' || state === 'withdrawn') && (
        <p>{t.rich('again', { link: linkTo('/certificates/new') })}</p>
      )}
      {one.deadline?.isLate && <Notice tone="bad">{t('late')}</Notice>}
    </section>
  )
}

/** What was typed, for who waits for an answer to it. */
async function Entered({ one }: { one: Application }) {
  const t = await getTranslations('certificates')
  const text = await fieldTexts(certificateForm)
  const said = ENTERED.flatMap(name => {
    const value = one.answers[name]
    return value ? [{ label: text(name, 'label') ?? name, value }] : []
  })
  return (
    <Card labelledBy="entered" title={t('entered')}>
      <Facts columns={1} facts={said} />
      {one.open.includes('withdraw') && <p className="text-sm text-muted">{t('mistake')}</p>}
    </Card>
  )
}

const ENTERED = [
  ...(['firstName', 'lastName', 'fatherName', 'personalNumber'] as const),
  ...(['nipt', 'businessName', 'legalRepresentative', 'holder'] as const),
]

const ICONS: Partial<Record<Application['history'][number]['move'], IconName>> = {
  take: 'person',
  ask: 'help',
  answer: 'mail',
  accept: 'check',
  reject: 'no',
  revoke: 'no',
}

async function History({ one }: { one: Application }) {
  const t = await getTranslations('certificates')
  const locale = await getLocale()
  return (
    <ol className="timeline">
      {one.history.toReversed().map(({ number, move, side, note, at }) => (
        <li key={number}>
          <Icon name={ICONS[move] ?? 'doc'} />
          <b>{t(`steps.${move as 'file'}`)}</b>
          <small>
            {side === 'owner' ? t('you') : side === 'portal' ? t('portal') : one.biller.name} ·{' '}
            {formatInstant(new Date(at), locale, one.biller.timeZone)}
          </small>
          {note && <p className="whitespace-pre-line wrap-anywhere">{note}</p>}
        </li>
      ))}
    </ol>
  )
}
