// The head of every page: one row with the mark, the ways to go where there is room for them, and a menu with all of them.
import type { ReactNode } from 'react'
import { UNREAD_COUNTED } from '@/lib/auth/sessions.ts'
import type { StaffRole } from '@/lib/auth/staff.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { languageName } from '@/lib/i18n/locale.ts'
import { type Translator, translator } from '@/lib/i18n/translator.ts'
import { Mark } from '../mark.tsx'
import { Static } from '../static.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import {
  ACCOUNT,
  type Destination,
  INBOX,
  MAIN,
  STAFF_OWN,
  staffDestinations,
  VISITOR,
} from './destinations.ts'
import { LanguageChoice } from './languages.tsx'

/**
 * Who reads: a customer (`unread`: how many messages), one who works here (`name` and `role` on their pages; `ofDirectory`: who has no
 * pages of a customer's), or nobody that is known.
 */
export type Reader =
  | { kind: 'visitor' }
  | { kind: 'customer'; isStaff: boolean; unread: number }
  | { kind: 'staff'; name?: string; role?: StaffRole; ofDirectory?: boolean }

/** `address`: of the page, with its query; the languages lead back to it. */
export function Header({ locale, reader, address }: { locale: Locale; reader: Reader; address: string }) {
  const t = translator(locale, 'shell')
  const [path = '/'] = address.split('?')
  const part = { t, path }
  const languages = <LanguageChoice current={locale} address={ADDRESS} />
  return (
    <Static
      as="header"
      className={reader.kind === 'staff' ? 'site-header staff' : 'site-header'}
      once={headOf(reader, locale, path)}
      fill={{ [ADDRESS]: encodeURIComponent(address), [UNREAD]: unreadOf(reader) }}
    >
      <div className="wrap">
        <a className="brand" href="/">
          <Mark />
          Drita
          {reader.kind === 'staff' && <small>{t('staffMark')}</small>}
        </a>
        {reader.kind === 'visitor' && (
          <>
            <Menu icon="globe" label={languageName[locale]}>
              {languages}
            </Menu>
            <nav aria-label={t('navigation')}>
              <VisitorLinks {...part} />
            </nav>
          </>
        )}
        {reader.kind === 'customer' && (
          <>
            <nav aria-label={t('navigation')}>
              <Links of={MAIN} className="hidden md:flex" {...part} />
              <InboxLink hasUnread={reader.unread > 0} {...part} />
            </nav>
            <Menu icon="menu" label={t('menu')}>
              <Entries of={MAIN} className="md:hidden" {...part} />
              <h2>{t('own')}</h2>
              <Entries of={reader.isStaff ? [...ACCOUNT, TO_STAFF] : ACCOUNT} {...part}>
                <SignOut t={t} />
              </Entries>
              {languages}
            </Menu>
          </>
        )}
        {reader.kind === 'staff' && (
          <>
            <nav aria-label={t('staff')} className="hidden md:flex">
              <Links of={staffDestinations(reader.role).main} {...part} />
            </nav>
            <Menu icon="person" label={reader.name ?? t('menu')}>
              <Entries of={staffDestinations(reader.role).main} className="md:hidden" {...part} />
              <Entries of={staffDestinations(reader.role).others} {...part} />
              <Entries of={reader.ofDirectory ? [] : STAFF_OWN} {...part}>
                <SignOut t={t} />
              </Entries>
              {languages}
            </Menu>
          </>
        )}
      </div>
    </Static>
  )
}

/** Stands where the address of the page comes, and how many messages are unread. */
const ADDRESS = '0ADDRESS0'
const UNREAD = '0UNREAD0'
const KNOWN = new Set([...MAIN, INBOX, ...ACCOUNT, ...VISITOR].map(({ href }) => href))

/** What a head is settled by, but for the address; that of staff has a name in it. */
function headOf(reader: Reader, locale: Locale, path: string): string | undefined {
  if (reader.kind === 'staff') return undefined
  const { isStaff, unread } = reader.kind === 'customer' ? reader : { isStaff: false, unread: 0 }
  return ['head', locale, reader.kind, isStaff, unread > 0, KNOWN.has(path) && path].join(' ')
}

const unreadOf = (reader: Reader): string => {
  const unread = reader.kind === 'customer' ? reader.unread : 0
  return unread < UNREAD_COUNTED ? String(unread) : `${UNREAD_COUNTED - 1}+`
}

const TO_STAFF: Destination = { href: '/staff', label: 'staff', icon: 'access' }

type Part = { t: Translator<'shell'>; path: string }

/** Opens without a script. */
function Menu({ icon, label, children }: { icon: IconName; label: string; children: ReactNode }) {
  return (
    <details>
      <summary>
        <Icon name={icon} />
        {label}
      </summary>
      <div className="menu">{children}</div>
    </details>
  )
}

const Links = ({ of, t, path, className }: Part & { of: Destination[]; className?: string }) =>
  of.map(({ href, label }) => (
    <a key={href} href={href} className={className} aria-current={currentOf(href, path)}>
      {t(label)}
    </a>
  ))

/** On a phone a drawing alone; its word is still there to be heard. */
const InboxLink = ({ t, path, hasUnread }: Part & { hasUnread: boolean }) => (
  <a href={INBOX.href} aria-current={currentOf(INBOX.href, path)}>
    <Icon name="mail" />
    <span className="max-md:sr-only">{t('inbox')}</span>
    {hasUnread && (
      <>
        <span className="sr-only">{t('unread')}</span>
        <span className="count">{UNREAD}</span>
      </>
    )}
  </a>
)

function Entries({
  of,
  t,
  path,
  className,
  children,
}: Part & { of: Destination[]; className?: string; children?: ReactNode }) {
  return (
    <ul className={className}>
      {of.map(({ href, label, icon }) => (
        <li key={href}>
          <a href={href} aria-current={currentOf(href, path)}>
            {icon && <Icon name={icon} />}
            {t(label)}
          </a>
        </li>
      ))}
      {children}
    </ul>
  )
}

/** On a phone only the one that leads on from here. */
function VisitorLinks({ t, path }: Part) {
  const shown = path === '/sign-in' ? '/register' : '/sign-in'
  return VISITOR.filter(({ href }) => href !== path).map(({ href, label }) => (
    <a key={href} href={href} className={href === shown ? undefined : 'hidden md:flex'}>
      {t(label)}
    </a>
  ))
}

function SignOut({ t }: { t: Translator<'shell'> }) {
  return (
    <li>
      <form action="/sign-out" method="post">
        <button type="submit">
          <Icon name="out" />
          {t('signOut')}
        </button>
      </form>
    </li>
  )
}

/** Pages of a contract belong to none of them; an entry that holds another is not current on the other's page. */
const currentOf = (href: string, path: string) => (path === href ? 'page' : undefined)
