// A contract's details, and its meter's present reading.

import { notFound } from 'next/navigation'
import { ContractTabs } from '@/components/contract-tabs.tsx'
import { Day } from '@/components/day.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { type Customer, requireCustomer } from '@/lib/auth/guards.ts'
import { categoryName, tariffGroupName } from '@/lib/billing/tariff-groups.ts'
import { type ContractDetails, getContract, listPresentReadings } from '@/lib/contracts/queries.ts'
import { formatInstant, formatNumber, formatUnits } from '@/lib/i18n/formats.ts'
import { inNormalCase } from '@/lib/platform/normal-case.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { type ContractPageProps, contractOf } from '../contracts/address.ts'
import { ProofForm } from '../contracts/prove.tsx'

export default async function ContractInfoPage({ searchParams }: ContractPageProps<'recognised'>) {
  const customer = await requireCustomer()
  const { biller, code } = await contractOf(searchParams)
  const contract = await getContract(customer, biller, code)
  if (!contract || contract.level === 'amounts') notFound()
  const t = await getTranslations('contractInfo')
  return (
    <PageShell
      title={t('title')}
      above={<ContractTabs contract={contract} current="info" locale={await getLocale()} />}
      wide
    >
      {(await searchParams).recognised !== undefined && contract.level === 'holder' && (
        <Done>{t('recognised')}</Done>
      )}
      {contract.level === 'masked' && <WhyMasked contract={contract} />}
      <div className="columns two-columns">
        <div>
          <Card labelledBy="contract" title={t('contract')}>
            <Facts columns={1} facts={await contractFacts(contract)} />
          </Card>
        </div>
        <div>
          <Card labelledBy="supply" title={t('supply')}>
            <Facts columns={1} facts={await supplyFacts(contract)} />
          </Card>
          <PresentReading customer={customer} contract={contract} />
        </div>
      </div>
    </PageShell>
  )
}

/** What is copied letter by letter; null: the biller does not know it. */
const code = (value: string | null, unknown: string) =>
  value === null ? unknown : <span className="code">{value}</span>

/** Whose it is. Kosovo and Albania have words of their own for some of these. */
async function contractFacts(contract: ContractDetails) {
  const t = await getTranslations('contractInfo')
  const { holder, category } = contract
  const unknown = t('unknown')
  // A firm's name is as it was registered.
  const name = category === 'household' && holder.name ? inNormalCase(holder.name) : holder.name
  return [
    { label: t('code', { country: contract.biller.country }), value: code(contract.code, unknown) },
    { label: t('holder'), value: name ?? unknown },
    { label: t('personalNumber'), value: code(holder.personalNumber, unknown) },
    ...(category === 'household'
      ? []
      : [{ label: t('businessNumber'), value: code(holder.businessNumber, unknown) }]),
    { label: t('address'), value: placeOr(unknown, holder.address) },
    { label: t('phone'), value: holder.phone ?? unknown },
    {
      label: t('connectedOn'),
      value: contract.connectedOn ? <Day on={contract.connectedOn} /> : unknown,
    },
    ...(contract.closedOn ? [{ label: t('closedOn'), value: <Day on={contract.closedOn} /> }] : []),
  ]
}

const placeOr = (unknown: string, place: string | null) => (place === null ? unknown : inNormalCase(place))

/** What is supplied where. */
async function supplyFacts(contract: ContractDetails) {
  const t = await getTranslations('contractInfo')
  const locale = await getLocale()
  const { biller, tariffGroup, phases } = contract
  const unknown = t('unknown')
  const kilowatts = (value: string | null) =>
    value === null ? unknown : `${formatNumber(value, locale, 2, 2)}\u00a0kW`
  return [
    { label: t('region'), value: placeOr(unknown, contract.region) },
    { label: t('branch'), value: placeOr(unknown, contract.branch) },
    { label: t('zone'), value: placeOr(unknown, contract.zone) },
    { label: t('category'), value: categoryName(contract.category, biller.country, locale) },
    {
      label: t('tariffGroup'),
      value: tariffGroup ? (tariffGroupName(biller.code, tariffGroup, locale) ?? tariffGroup) : unknown,
    },
    { label: t('phases'), value: phases ?? unknown },
    { label: t('powerConnected'), value: kilowatts(contract.powerConnectedKw) },
    { label: t('powerContracted'), value: kilowatts(contract.powerContractedKw) },
    {
      label: t('meter', { country: biller.country }),
      value: code(contract.holder.meterNumber, unknown),
    },
  ]
}

async function PresentReading({ customer, contract }: { customer: Customer; contract: ContractDetails }) {
  const t = await getTranslations('contractInfo')
  const locale = await getLocale()
  const { country, timeZone, unit } = contract.biller
  const readings = contract.meterRemote ? await listPresentReadings(customer, contract.id) : []
  return (
    <Card labelledBy="reading" title={t('presentReading', { country })}>
      {readings.length > 0 ? (
        <Facts
          columns={1}
          facts={readings.map(({ register, value, readAt }) => ({
            label: `${t(`registers.${register}` as 'registers.A1')}, ${formatInstant(readAt, locale, timeZone)}`,
            value: <b>{formatUnits(value, unit, locale)}</b>,
          }))}
        />
      ) : (
        <p>{t(contract.meterRemote ? 'noReadingYet' : 'noRemoteReading', { country })}</p>
      )}
    </Card>
  )
}

/** Why ** stands in place of the holder's data, and how to change it. */
async function WhyMasked({ contract }: { contract: ContractDetails }) {
  const t = await getTranslations('whyMasked')
  const { biller, code, hasHoldersName, openProof } = contract
  const { country } = biller
  if (!hasHoldersName) return <Notice>{t('otherHolder', { biller: biller.name, country })}</Notice>
  return (
    <Card labelledBy="why-masked" title={t('title')}>
      <p>{t('lead')}</p>
      <ul className="list-disc space-y-2 pl-5">
        <li>
          {t.rich('phone', {
            biller: biller.name,
            link: linkTo('/account/contact'),
          })}
        </li>
        <li>{t('counter', { biller: biller.name })}</li>
        {openProof && <li>{t('paper', { country })}</li>}
      </ul>
      {openProof && (
        <ProofForm contract={{ biller: biller.code, code, country }} proof={openProof} opens="everything" />
      )}
    </Card>
  )
}
