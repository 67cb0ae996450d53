// Home: how one stands, in the sky; below it what is unpaid, what was used, and every contract.

import { ContactNotices } from '@/components/contact-notices.tsx'
import { linkTo } from '@/components/link-to.tsx'
import { PageShell } from '@/components/page-shell.tsx'
import { Sun } from '@/components/sky.tsx'
import { ButtonLink } from '@/components/ui/button.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { homeFinding } from '@/lib/billing/home-finding.ts'
import { type HomeContract, listHomeContracts } from '@/lib/billing/home-queries.ts'
import { standingsOf } from '@/lib/billing/home-rules.ts'
import { listDebts } from '@/lib/billing/queries.ts'
import { formatMoney } from '@/lib/i18n/formats.ts'
import { listHomeAttempts } from '@/lib/payments/home-attempts.ts'
import { clock } from '@/lib/platform/clock.ts'
import { inNormalCase } from '@/lib/platform/normal-case.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import type { Home } from './home.ts'
import { ContractSide, FoundLine, UnpaidCard, UsageCard, Ways } from './home-cards.tsx'
import { ContractCards, ContractTables, MANY, TABLES_FROM } from './home-contracts.tsx'
import { greetingOf, HomeSky } from './home-sky.tsx'

export default async function HomePage({ searchParams }: PageProps<never, 'added' | 'told'>) {
  const customer = await requireCustomer()
  const now = clock.now()
  const [all, { debts: unpaid }, { inDoubt, lastPaid, unused }] = await Promise.all([
    listHomeContracts(customer, clock.now()),
    listDebts(customer, now),
    listHomeAttempts(customer),
  ])
  const locale = await getLocale()
  const contracts = all.filter(({ isRefused }) => !isRefused)
  const home: Home = { locale, now, standings: standingsOf(contracts, unpaid), unpaid, inDoubt, lastPaid }
  const t = await getTranslations('home')
  const greeting = greetingOf(home, inNormalCase(customer.firstName))
  if (contracts.length === 0) {
    return (
      <PageShell title={greeting}>
        <ContactNotices customer={customer} />
        <Refused contracts={all} />
        <NoContract />
      </PageShell>
    )
  }
  const { added, told } = await searchParams
  const isTable = contracts.length >= TABLES_FROM
  return (
    <PageShell
      title={t('title')}
      wide
      sky={
        <HomeSky
          home={home}
          greeting={greeting}
          added={contracts.find(({ biller, code }) => added === `${biller.code} ${code}`)}
          told={told !== undefined}
          low={contracts.length >= MANY}
        />
      }
    >
      <ContactNotices customer={customer} />
      <Refused contracts={all} />
      <FoundLine found={homeFinding(contracts, unpaid, now)} isOne={contracts.length === 1} locale={locale} />
      {unused && (
        <p className="text-muted">
          {t.rich('unused', {
            number: unused.number,
            amount: formatMoney(unused.amount, unused.currency, locale),
            link: linkTo(`/payments/${unused.id}`),
          })}
        </p>
      )}
      {isTable ? (
        <ContractTables home={home} />
      ) : (
        <div className="columns">
          <div>
            {contracts.length === 1 ? <UsageCard home={home} /> : <ContractCards home={home} />}
            <UnpaidCard home={home} />
          </div>
          <div>
            {contracts.length === 1 ? (
              <ContractSide contract={contracts[0]!} locale={locale} />
            ) : (
              <UsageCard home={home} />
            )}
            <Ways home={home} />
          </div>
        </div>
      )}
      {isTable && <Ways home={home} />}
    </PageShell>
  )
}

async function Refused({ contracts }: { contracts: HomeContract[] }) {
  const t = await getTranslations('home')
  return (
    contracts.some(({ isRefused }) => isRefused) && (
      <Notice>{t.rich('refused', { link: linkTo('/contracts/manage') })}</Notice>
    )
  )
}

async function NoContract() {
  const t = await getTranslations('home')
  return (
    <section className="card centred stack" aria-labelledby="none">
      <Sun look="half" />
      <h2 id="none">{t('none.title')}</h2>
      <p>{t('none.text')}</p>
      <ButtonLink href="/contracts/add" icon="plus">
        {t('none.add')}
      </ButtonLink>
    </section>
  )
}
