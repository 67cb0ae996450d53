// A contract's details, and its meter's present reading.

import { notFound } from 'next/navigation'
import { contractFacts, Readings, supplyFacts } from '@/components/contract-facts.tsx'
import { ContractTabs } from '@/components/contract-tabs.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Done, Notice } from '@/components/ui/notice.tsx'
import { type Customer, requireCustomer } from '@/lib/auth/guards.ts'
import { wordsFor } from '@/lib/billers/supply.ts'
import { supplyTitle } from '@/lib/billing/contract-title.ts'
import { type ContractDetails, getContract, listPresentReadings } from '@/lib/contracts/queries.ts'
import { formatDayInSentence } from '@/lib/i18n/formats.ts'
import { readingsPath } from '@/lib/readings/schema.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { type ContractPageProps, contractOf } from '../contracts/address.ts'
import { ProofForm } from '../contracts/prove.tsx'

export default async function ContractInfoPage({ searchParams }: ContractPageProps<'recognised'>) {
  const customer = await requireCustomer()
  const { biller, code } = await contractOf(searchParams)
  const contract = await getContract(customer, biller, code)
  if (!contract || contract.level === 'amounts') notFound()
  const t = await getTranslations('contractInfo')
  const supply = await supplyFacts(contract)
  const locale = await getLocale()
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
          {supply.length > 0 && (
            <Card labelledBy="supply" title={supplyTitle(contract.biller.code, locale)}>
              <Facts columns={1} facts={supply} />
            </Card>
          )}
          <PresentReading customer={customer} contract={contract} />
        </div>
      </div>
    </PageShell>
  )
}

async function PresentReading({ customer, contract }: { customer: Customer; contract: ContractDetails }) {
  const readings = contract.meterRemote ? await listPresentReadings(customer, contract.id) : []
  const t = await getTranslations('reading')
  const { biller, code } = contract
  return (
    <Readings
      contract={contract}
      readings={readings}
      action={!contract.meterRemote && <a href={readingsPath({ biller: biller.code, code })}>{t('title')}</a>}
    />
  )
}

/** Why ** stands in place of the holder's data, and how to change it. */
async function WhyMasked({ contract }: { contract: ContractDetails }) {
  const t = await getTranslations('whyMasked')
  const { biller, code, hasHoldersName, openProof, untilOn } = contract
  const { country } = biller
  if (untilOn) {
    const info = await getTranslations('contractInfo')
    const day = formatDayInSentence(untilOn, await getLocale())
    return <Notice>{info('movedOut', { day, biller: biller.name })}</Notice>
  }
  if (!hasHoldersName)
    return <Notice>{t('otherHolder', { biller: biller.name, ...wordsFor(biller) })}</Notice>
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
