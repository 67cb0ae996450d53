// No power? What concerns one's own contracts, what to check and how to report it, and what is known of any place.
import { PageShell } from '@/components/page-shell.tsx'
import { currentCustomer } from '@/lib/auth/guards.ts'
import { listUnpaidInvoices } from '@/lib/billing/queries.ts'
import { clock } from '@/lib/platform/clock.ts'
import { requestDevice } from '@/lib/request/device.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { setStatus } from '@/lib/request/status.ts'
import { countCodeSearch, listOutages, listOwnSupply } from '@/lib/supply/queries.ts'
import { Outages } from './outages.tsx'
import { type Own, OwnContracts, pressingOf } from './own.tsx'
import { Report } from './report.tsx'
import { readAsked } from './search.ts'
import { Danger, Phones, Steps } from './side.tsx'
import { PressingSky } from './sky.tsx'

type Query = 'place' | 'biller' | 'contractCode'

export default async function NoPowerPage({ searchParams }: PageProps<never, Query>) {
  const customer = await currentCustomer()
  const now = clock.now()
  const asked = readAsked(await searchParams)
  const { contract } = asked.search
  const seconds = contract ? await countCodeSearch(contract, customer, (await requestDevice()).address) : 0
  if (seconds > 0) setStatus(429, seconds)
  const [billers, contracts, unpaid] = await Promise.all([
    listOutages(seconds > 0 ? {} : asked.search, now),
    customer ? listOwnSupply(customer, now) : [],
    customer ? listUnpaidInvoices(customer, 'all', now) : [],
  ])
  const own: Own | undefined = customer && { contracts, unpaid }
  const locale = await getLocale()
  const reading = { now, locale }
  const t = await getTranslations('noPower')
  const ownCodes = new Set(contracts.map(({ biller }) => biller.code))
  // Of others' companies nothing is of use to whoever has contracts here.
  const concerned = billers.filter(({ code }) => ownCodes.size === 0 || ownCodes.has(code))
  const pressing = own && pressingOf(own, now)
  return (
    <PageShell
      title={t('title')}
      lead={!pressing && t('lead')}
      sky={pressing && <PressingSky pressing={pressing} unpaid={unpaid} {...reading} />}
      wide
    >
      <div className="columns">
        <div>
          {own && own.contracts.length > 0 && <OwnContracts own={own} {...reading} />}
          <Report own={own} isMain={!pressing} locale={locale} />
          <Outages
            asked={asked}
            billers={billers}
            updated={concerned.filter(({ tells }) => tells)}
            isVisitor={!own}
            wait={seconds}
            {...reading}
          />
        </div>
        <div>
          <Danger locale={locale} />
          <Steps locale={locale} />
          <Phones billers={concerned} locale={locale} />
        </div>
      </div>
    </PageShell>
  )
}
