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
      above={
        <ContractTabs
          contract={{ ...contract, biller, billerName: contract.biller.name }}
          current="info"
          locale={await getLocale()}
        />
      }
    >
      {(await searchParams).recognised !== undefined && contract.level === 'holder' && (
        <Done>{t('recognised')}</Done>
      )}
      {contract.level === 'masked' && <WhyMasked contract={contract} />}
      <Card labelledBy="details" title={t('details')}>
        <Details contract={contract} />
      </Card>
      <PresentReading customer={customer} contract={contract} />
    </PageShell>
  )
}

async function Details({ contract }: { contract: ContractDetails }) {
  const t = await getTranslations('contractInfo')
  const locale = await getLocale()
  const { biller, tariffGroup } = contract
  // Kosovo and Albania have words of their own for some of these.
  const { country } = biller
  const text = (value: string | number | null) => value ?? t('unknown')
  const kilowatts = (value: string | null) =>
    value === null ? t('unknown') : `${formatNumber(value, locale, 2, 2)} kW`
  return (
    <Facts
      facts={[
        { label: t('code', { country }), value: contract.code },
        { label: t('region'), value: text(contract.region) },
        { label: t('branch'), value: text(contract.branch) },
        { label: t('holder'), value: text(contract.holder.name) },
        { label: t('personalNumber'), value: text(contract.holder.personalNumber) },
        ...(contract.category === 'household'
          ? []
          : [{ label: t('businessNumber'), value: text(contract.holder.businessNumber) }]),
        { label: t('address'), value: text(contract.holder.address) },
        { label: t('phone'), value: text(contract.holder.phone) },
        {
          label: t('connectedOn'),
          value: contract.connectedOn ? <Day on={contract.connectedOn} /> : t('unknown'),
        },
        ...(contract.closedOn ? [{ label: t('closedOn'), value: <Day on={contract.closedOn} /> }] : []),
        { label: t('zone'), value: text(contract.zone) },
        { label: t('category'), value: categoryName(contract.category, country, locale) },
        { label: t('phases'), value: text(contract.phases) },
        { label: t('powerConnected'), value: kilowatts(contract.powerConnectedKw) },
        { label: t('powerContracted'), value: kilowatts(contract.powerContractedKw) },
        {
          label: t('tariffGroup'),
          value: text(tariffGroup && (tariffGroupName(biller.code, tariffGroup, locale) ?? tariffGroup)),
        },
        { label: t('meter', { country }), value: text(contract.holder.meterNumber) },
      ]}
    />
  )
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
          facts={readings.map(({ register, value, readAt }) => ({
            label: `${t(`registers.${register}` as 'registers.A1')}, ${formatInstant(readAt, locale, timeZone)}`,
            value: formatUnits(value, unit, locale),
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
      <p className="my-3">{t('lead')}</p>
      <ul className="my-3 list-disc space-y-2 pl-5">
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
