// What was said about a contract: messages, cases, notes of talks; and the form for one more note.
import { Form } from '@/components/form.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Icon, type IconName } from '@/components/ui/icon.tsx'
import { Done } from '@/components/ui/notice.tsx'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { readContractAddress } from '@/lib/billers/contract-codes.ts'
import { isDecided } from '@/lib/cases/rules.ts'
import { casePath, shownNumber } from '@/lib/cases/schema.ts'
import { formatDay, formatInstant } from '@/lib/i18n/formats.ts'
import { type Contact, getContacts } from '@/lib/looks/contact-queries.ts'
import { callNoteForm } from '@/lib/looks/forms.ts'
import { contactsPath, MESSAGES_SINCE } from '@/lib/looks/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { noteCallAction } from '../../../../customers/actions.ts'
import { AskWhy, Because, wayBack } from '../../../../customers/look.tsx'
import { StaffTabs } from '../tabs.tsx'

type Props = PageProps<'biller' | 'code', 'after' | 'noted'>

export default async function ContactsPage({ params, searchParams }: Props) {
  const staff = await requireStaff()
  const asked = readContractAddress(await params)
  const { after, noted } = await searchParams
  const place = typeof after === 'string' ? after : undefined
  const found = asked && (await getContacts(staff, asked.biller, asked.code, place, clock.now()))
  if (!found) return refuseStaff(staff)
  const { biller, code, look, contacts, next } = found
  if (!look) return <AskWhy subject={{ biller: biller.code, code }} name={`${biller.name} ${code}`} />
  const t = await getTranslations('contacts')
  const ofNote = await getTranslations('callNote')
  const locale = await getLocale()
  const path = contactsPath(biller.code, code)
  return (
    <PageShell
      title={t('of', { code })}
      back={await wayBack()}
      above={<StaffTabs contract={found} current="contacts" locale={locale} />}
      lead={<Because look={look} />}
      wide
    >
      {noted !== undefined && <Done>{t('noted')}</Done>}
      <div className="columns">
        <Card labelledBy="contacts" title={t('list')}>
          {contacts.length === 0 ? (
            <p>{t('empty')}</p>
          ) : (
            <ol className="timeline">
              {contacts.map(contact => (
                <Entry key={contact.id} contact={contact} biller={biller} />
              ))}
            </ol>
          )}
          {(place || next) && (
            <p className="actions">
              {place && <a href={path}>{t('newer')}</a>}
              {next && <a href={`${path}?after=${next}`}>{t('older')}</a>}
            </p>
          )}
          <p>
            <small>{t('since', { day: formatDay(MESSAGES_SINCE, locale) })}</small>
          </p>
        </Card>
        <Card labelledBy="talk" title={ofNote('title')}>
          <Form
            key={String(noted)}
            form={callNoteForm}
            action={noteCallAction}
            shownFor={{ biller: biller.code, code }}
          />
        </Card>
      </div>
    </PageShell>
  )
}

const ICONS: Record<Contact['type'], IconName> = { message: 'mail', case: 'request', note: 'phone' }

type EntryProps = { contact: Contact; biller: { country: 'AL' | 'XK'; timeZone: string } }

async function Entry({ contact, biller }: EntryProps) {
  const at = formatInstant(contact.at, await getLocale(), biller.timeZone)
  return (
    <li>
      <Icon name={ICONS[contact.type]} />
      {contact.type === 'message' && <Message message={contact} at={at} />}
      {contact.type === 'case' && <Case one={contact} country={biller.country} at={at} />}
      {contact.type === 'note' && <Note note={contact} at={at} />}
    </li>
  )
}

type Of<Type extends Contact['type']> = Extract<Contact, { type: Type }>

/** What staff call a message of the catalogue. */
const MESSAGES: Record<string, string> = {
  'case-told': 'case',
  'payment-received': 'receipt',
  'contract-added-by-other': 'access',
  'contract-proved-by-other': 'access',
  'holder-recognised': 'recognised',
  'holder-withdrawn': 'withdrawn',
  'holder-of-yours': 'holders',
}

type MessageProps = { message: Of<'message'>; at: string }

async function Message({ message: { kind, channel, state, move, about }, at }: MessageProps) {
  const t = await getTranslations('contacts')
  const ofCases = await getTranslations('cases')
  const what = t('message', { kind: MESSAGES[kind] ?? 'other' })
  return (
    <>
      <b>
        {about
          ? t.rich('aboutCase', {
              number: shownNumber({ id: about.caseId, number: about.number }),
              link: linkTo(casePath(about.queue, about.caseId)),
            })
          : what}
        {move && `: ${ofCases(`events.${move}`)}`}
      </b>
      <small>{[t(`by.${channel}`), t(`states.${state}`), at].join(' · ')}</small>
    </>
  )
}

type CaseProps = { one: Of<'case'>; country: 'AL' | 'XK'; at: string }

async function Case({ one: { kind, caseId, queue, number, state }, country, at }: CaseProps) {
  const t = await getTranslations('cases')
  const ofKind = await getTranslations('kinds')
  const word = number && isDecided(state) ? 'requestStates' : 'states'
  return (
    <>
      <b>
        <a href={casePath(queue, caseId)} className="inline-block first-letter:uppercase">
          {ofKind(`${kind}.name`, { country })}
        </a>
      </b>
      <small>
        <span className="code">{shownNumber({ id: caseId, number })}</span> ·{' '}
        {[t(`${word}.${state as 'accepted'}`), at].join(' · ')}
      </small>
    </>
  )
}

async function Note({ note: { channel, note, by }, at }: { note: Of<'note'>; at: string }) {
  const t = await getTranslations('contacts')
  return (
    <>
      <b>{t(`note.${channel}`)}</b>
      <small>{[by, at].join(' · ')}</small>
      <p className="wrap-anywhere">{note}</p>
    </>
  )
}
