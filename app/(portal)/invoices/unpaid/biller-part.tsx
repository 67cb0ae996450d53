// A part of what is unpaid at a company, over all of its contracts.
import { UnderWayNotice } from '@/components/under-way-notice.tsx'
import type { Debt } from '@/lib/billing/schema.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { listPaidByLinks } from '@/lib/payments/queries.ts'
import { PayPart } from '../../contract-pay/part.tsx'
import { isPayable, type titlesOf, unpaidPath } from './view.ts'

export async function PartOfBiller({
  debts,
  typed,
  titleOf,
  locale,
}: {
  debts: readonly Debt[]
  typed: unknown
  titleOf: ReturnType<typeof titlesOf>
  locale: Locale
}) {
  const { billerCode, billerName, country, currency } = debts[0]!.contract
  const payable = debts.filter(isPayable)
  const contracts = new Set(debts.map(({ contract }) => contract.id))
  const paidByLinks = await listPaidByLinks([...contracts])
  return (
    <PayPart
      path={unpaidPath}
      kept={{ biller: billerCode }}
      back={`${unpaidPath}?biller=${billerCode}`}
      shownFor={{ biller: billerCode }}
      biller={{ code: billerCode, name: billerName, country, currency }}
      typed={typed}
      isBeingPaid={payable.some(({ id }) => paidByLinks.includes(id))}
      invoices={payable.map(debt => ({
        ...debt,
        title: contracts.size > 1 ? titleOf(debt.contract) : undefined,
      }))}
      locale={locale}
    >
      <UnderWayNotice unpaid={debts} titleOf={titleOf} locale={locale} />
    </PayPart>
  )
}
