// What the two pages of a contract share: its code, and the way from the one to the other.
import { Icon } from '@/components/ui/icon.tsx'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { contactsPath, contractPath } from '@/lib/looks/schema.ts'

type Props = {
  contract: { biller: { code: string; name: string }; code: string }
  current: 'contract' | 'contacts'
  locale: Locale
}

export function StaffTabs({ contract: { biller, code }, current, locale }: Props) {
  const t = translator(locale, 'staffContract')
  const contacts = translator(locale, 'contacts')
  const words = translator(locale, 'words')
  const tabs = [
    { tab: 'contract', href: contractPath(biller.code, code), icon: 'doc', label: words('contract') },
    { tab: 'contacts', href: contactsPath(biller.code, code), icon: 'mail', label: contacts('title') },
  ] as const
  return (
    <>
      <p className="trail">
        <b>{biller.name}</b> <small className="code">{code}</small>
      </p>
      <nav className="tabs" aria-label={t('tabs')}>
        {tabs.map(({ tab, href, icon, label }) => (
          <a key={tab} href={href} aria-current={tab === current ? 'page' : undefined}>
            <Icon name={icon} />
            {label}
          </a>
        ))}
      </nav>
    </>
  )
}
