// Which contract a page is to be opened of: a row each, and a way to find one among many.
import type { ReactNode } from 'react'
import { contractTitle } from '@/lib/billing/contract-title.ts'
import type { ContractSummary } from '@/lib/contracts/queries.ts'
import { CONTRACTS_PAGE, findContracts, pageOf } from '@/lib/contracts/search.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { supplyIcons } from './biller-mark.tsx'
import { CodeLine } from './code-line.tsx'
import { ContractSearch, Pages, searchOf } from './contract-search.tsx'
import { Card } from './ui/card.tsx'
import { Rows } from './ui/rows.tsx'

type ChoiceProps<Contract extends ContractSummary> = {
  contracts: Contract[]
  /** The page that asks. */
  action: string
  /** Of each contract, what is opened: the last part of its address. */
  page: string
  query: { search?: unknown; page?: unknown }
  end?: (contract: Contract) => ReactNode
  locale: Locale
}

export function ContractChoice<Contract extends ContractSummary>({
  contracts,
  action,
  page: opens,
  query,
  end,
  locale,
}: ChoiceProps<Contract>) {
  const icon = supplyIcons(contracts)
  const search = searchOf(query.search)
  const found = findContracts(contracts, search)
  const { shown, page, pages } = pageOf(found, query.page)
  return (
    <>
      {(contracts.length > CONTRACTS_PAGE || search) && (
        <ContractSearch action={action} search={search} locale={locale} />
      )}
      <Card labelledBy="contracts" title={translator(locale, 'shell')('contracts')}>
        {found.length === 0 && <p>{translator(locale, 'manage')('found', { count: 0 })}</p>}
        <Rows
          rows={shown.map(contract => ({
            id: String(contract.id),
            href: `/contracts/${contract.biller.code}/${contract.code}/${opens}`,
            icon: icon(contract.biller),
            title: contractTitle(contract, locale),
            note: <CodeLine contract={contract} locale={locale} />,
            end: end?.(contract),
          }))}
        />
        <Pages action={action} kept={{ search }} page={page} pages={pages} locale={locale} />
      </Card>
    </>
  )
}
