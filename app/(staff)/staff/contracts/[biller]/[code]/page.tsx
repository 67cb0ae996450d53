// A contract as its customer sees it, for staff, who change nothing here: within a look, and masked until they ask.
import { HistoryPicture } from '@/components/consumption-picture.tsx'
import { contractFacts, Readings, supplyFacts } from '@/components/contract-facts.tsx'
import { InvoiceTable } from '@/components/history-invoices.tsx'
import { ReceivedTable } from '@/components/history-payments.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { readContractAddress } from '@/lib/billers/contract-codes.ts'
import { supplyTitle } from '@/lib/billing/contract-title.ts'
import { sumOf } from '@/lib/billing/statement-rules.ts'
import { formatDay, formatMoney, unitSign } from '@/lib/i18n/formats.ts'
import { type ContractForStaff, getContractForStaff } from '@/lib/looks/contract-queries.ts'
import { contactsPath } from '@/lib/looks/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { AskWhy, Because, Masked, wayBack } from '../../../customers/look.tsx'
import { Others, People, RelatedCases } from './related.tsx'
import { SentReadings } from './sent-readings.tsx'
import { Supply } from './supply.tsx'
import { StaffTabs } from './tabs.tsx'

/** So many cases; all of them are among the contacts. */
const LISTED = 5

export default async function StaffContractPage({ params }: PageProps<'biller' | 'code'>) {
  const staff = await requireStaff()
  const asked = readContractAddress(await params)
  const contract = asked && (await getContractForStaff(staff, asked.biller, asked.code, clock.now()))
  if (!contract) return refuseStaff(staff)
  const { biller, code } = contract
  if (!contract.look)
    return <AskWhy subject={{ biller: biller.code, code }} name={`${biller.name} ${code}`} />
  const t = await getTranslations('staffContract')
  return (
    <PageShell
      title={t('title', { code })}
      back={await wayBack()}
      above={<StaffTabs contract={contract} current="contract" locale={await getLocale()} />}
      lead={<Because look={contract.look} />}
      wide
    >
      <div className="columns">
        <div>
          <Debt contract={contract} />
          <Supply contract={contract} />
          <Consumption contract={contract} />
          <RelatedCases
            cases={contract.cases.slice(0, LISTED)}
            title={t('cases')}
            none={t('noCases')}
            all={contract.cases.length > LISTED ? contactsPath(biller.code, code) : undefined}
            country={biller.country}
          />
          <People contract={contract} role={staff.role} />
          <Others contract={contract} />
        </div>
        <div>
          <Details contract={contract} />
        </div>
      </div>
      <Billing contract={contract} />
    </PageShell>
  )
}

type Props = { contract: ContractForStaff }

async function Debt({ contract: { unpaid, older, biller } }: Props) {
  const t = await getTranslations('staffContract')
  const words = await getTranslations('words')
  const locale = await getLocale()
  const money = (of: typeof unpaid) => formatMoney(sumOf(of, 'due'), biller.currency, locale)
  const overdue = unpaid.filter(({ state }) => state === 'overdue')
  return (
    <Card labelledBy="due" title={t('due')}>
      {unpaid.length === 0 ? (
        <p>{t('nothingDue')}</p>
      ) : (
        <Facts
          sum
          facts={[
            { label: t('unpaid'), value: unpaid.length },
            ...(overdue.length > 0 ? [{ label: t('overdue'), value: money(overdue) }] : []),
            ...(older.length > 0 ? [{ label: t('older'), value: money(older) }] : []),
            { label: words('totalDebt', { country: biller.country }), value: <b>{money(unpaid)}</b> },
          ]}
        />
      )}
    </Card>
  )
}

async function Consumption({ contract: { consumption, billed, biller } }: Props) {
  if (!consumption) return null
  const t = await getTranslations('history')
  return (
    <Card labelledBy="consumption" title={`${t('consumption')}, ${unitSign(biller.unit)}`}>
      <HistoryPicture
        {...{ consumption, billed }}
        unit={biller.unit}
        currency={biller.currency}
        height={130}
        locale={await getLocale()}
      />
    </Card>
  )
}

async function Billing({ contract }: Props) {
  const t = await getTranslations('history')
  const locale = await getLocale()
  const { months, payments, biller, today, from } = contract
  const history = {
    months,
    payments,
    today,
    unit: biller.unit,
    currency: biller.currency,
    billerCode: biller.code,
  }
  return (
    <>
      <Card labelledBy="invoices" title={t('invoices')}>
        {months.length > 0 ? <InvoiceTable history={history} locale={locale} plain /> : <p>{t('missing')}</p>}
      </Card>
      <Card labelledBy="payments" title={t('payments')}>
        <p className="text-muted">{t('paymentsSince', { day: formatDay(from, locale) })}</p>
        {payments.length > 0 ? (
          <ReceivedTable history={history} locale={locale} />
        ) : (
          <p>{(await getTranslations('staffContract'))('noPayments')}</p>
        )}
      </Card>
    </>
  )
}

async function Details({ contract }: Props) {
  const t = await getTranslations('contractInfo')
  const supply = await supplyFacts(contract)
  return (
    <>
      <Card labelledBy="contract" title={t('contract')}>
        <Facts columns={1} facts={await contractFacts(contract)} />
        <Masked look={contract.look} />
      </Card>
      {supply.length > 0 && (
        <Card labelledBy="supply" title={supplyTitle(contract.biller.code, await getLocale())}>
          <Facts columns={1} facts={supply} />
        </Card>
      )}
      <Readings contract={contract} readings={contract.readings} />
      <SentReadings contract={contract} />
    </>
  )
}
