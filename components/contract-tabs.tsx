// What a contract's pages share: its name, its code, and the tabs that the reader's level opens.
import { supplyOf } from '@/lib/billers/supply.ts'
import { contractTitle, isCalledByCode, type Titled } from '@/lib/billing/contract-title.ts'
import type { AccessLevel } from '@/lib/contracts/rules.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { BillerMark } from './biller-mark.tsx'
import { Icon, type IconName } from './ui/icon.tsx'

export type ContractTab = 'pay' | 'history' | 'requests' | 'info' | 'access'

const TABS: { tab: ContractTab; icon: IconName; levels: AccessLevel[] }[] = [
  { tab: 'pay', icon: 'pay', levels: ['holder', 'masked', 'amounts'] },
  { tab: 'history', icon: 'usage', levels: ['holder', 'masked'] },
  { tab: 'requests', icon: 'request', levels: ['holder', 'masked'] },
  { tab: 'info', icon: 'doc', levels: ['holder', 'masked'] },
  { tab: 'access', icon: 'access', levels: ['holder'] },
]

export const tabsOf = (level: AccessLevel) => TABS.filter(({ levels }) => levels.includes(level))

/** `current`: undefined on a page that is none of them (an invoice's is `history`'s). One tab alone is none. */
export function ContractTabs({
  contract,
  current,
  locale,
}: {
  contract: Titled & { level: AccessLevel }
  current?: ContractTab
  locale: Locale
}) {
  const t = translator(locale, 'contractTabs')
  const tabs = tabsOf(contract.level)
  return (
    <>
      <p className="trail">
        <BillerMark biller={contract.biller.code} />
        <b>{contractTitle(contract, locale)}</b>{' '}
        {!isCalledByCode(contract) && <small className="code">{contract.code}</small>}
      </p>
      {tabs.length > 1 && (
        <nav className="tabs" aria-label={t('label')}>
          {tabs.map(({ tab, icon }) => (
            <a
              key={tab}
              href={`/contracts/${contract.biller.code}/${contract.code}/${tab}`}
              aria-current={tab === current ? 'page' : undefined}
            >
              <Icon name={icon} />
              {tab === 'history' ? t(tab, { supply: supplyOf(contract.biller.code) }) : t(tab)}
            </a>
          ))}
        </nav>
      )}
    </>
  )
}
