// A contract's details, and its meter's present reading.
import { notFound } from 'next/navigation'
import { Day } from '@/components/day.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { categoryName, tariffGroupName } from '@/lib/billing/tariff-groups.ts'
import { type ContractDetails, getContract, listPresentReadings } from '@/lib/contracts/queries.ts'
import { formatInstant, formatNumber, formatUnits } from '@/lib/i18n/formats.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { type ContractAddress, contractOf } from '../address.ts'
import { ProofForm } from '../prove.tsx'

export default async function ContractInfoPage({
  params,
  searchParams,
}: {
  params: ContractAddress
  searchParams: Promise<{ recognised?: string }>
}) {
  const customer = await requireCustomer()
  const { biller, code } = await contractOf(params)
  const contract = await getContract(customer, biller, code)
  if (!contract || contract.level === 'amounts') notFound()
  const t = await getTranslations('contractInfo')
  const locale = await getLocale()
  const readings = contract.meterRemote ? await listPresentReadings(customer, contract.id) : []
  // Kosovo and Albania have words of their own for some of these.
  const { country } = contract.biller
  const tariffGroup =
    contract.tariffGroup && (tariffGroupName(biller, contract.tariffGroup, locale) ?? contract.tariffGroup)
  const path = `/contracts/${biller}/${code}`
  const text = (value: string | number | null) => value ?? t('unknown')
  const kilowatts = (value: string | null) =>
    value === null ? t('unknown') : `${formatNumber(value, locale, 2, 2)} kW`
  return (
    <PageShell
      title={t('title')}
      lead={`${contract.biller.name} · ${contract.alias ?? contract.code}`}
      back={{ href: '/contracts', label: t('back') }}
    >
      <p className="flex flex-wrap gap-x-5 print:hidden [&_a]:inline-flex [&_a]:min-h-11 [&_a]:items-center">
        <a href={`${path}/pay`}>{t('pay')}</a>
        <a href={`${path}/history`}>{t('history')}</a>
        {contract.level === 'holder' && <a href={`${path}/access`}>{t('access')}</a>}
      </p>
      {(await searchParams).recognised !== undefined && contract.level === 'holder' && (
        <Notice tone="good" done>
          {t('recognised')}
        </Notice>
      )}
      {contract.level === 'masked' && <WhyMasked contract={contract} />}
      <Card labelledBy="details">
        <h2 id="details" className="mb-2">
          {t('details')}
        </h2>
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
            { label: t('tariffGroup'), value: text(tariffGroup) },
            { label: t('meter', { country }), value: text(contract.holder.meterNumber) },
          ]}
        />
      </Card>
      <Card labelledBy="reading">
        <h2 id="reading" className="mb-2">
          {t('presentReading', { country })}
        </h2>
        {readings.length > 0 ? (
          <Facts
            facts={readings.map(reading => ({
              label: `${t(`registers.${reading.register}` as 'registers.A1')}, ${formatInstant(reading.readAt, locale, contract.biller.timeZone)}`,
              value: formatUnits(reading.value, contract.biller.unit, locale),
            }))}
          />
        ) : (
          <p>{t(contract.meterRemote ? 'noReadingYet' : 'noRemoteReading', { country })}</p>
        )}
      </Card>
    </PageShell>
  )
}

/** Why ** stands in place of the holder's data, and how to change it. */
async function WhyMasked({ contract }: { contract: ContractDetails }) {
  const t = await getTranslations('whyMasked')
  const { biller, code, hasHoldersName, openProof } = contract
  const { country } = biller
  if (!hasHoldersName) return <Notice>{t('otherHolder', { biller: biller.name, country })}</Notice>
  return (
    <Card labelledBy="why-masked">
      <h2 id="why-masked">{t('title')}</h2>
      <p className="my-3">{t('lead')}</p>
      <ul className="my-3 list-disc space-y-2 pl-5">
        <li>
          {t.rich('phone', {
            biller: biller.name,
            link: chunks => <a href="/account/contact">{chunks}</a>,
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
