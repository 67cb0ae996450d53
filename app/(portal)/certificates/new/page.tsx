// An application for a debt certificate: for what and about which contract, then its details and what it would say now.
import { notFound } from 'next/navigation'
import { searchOf } from '@/components/contract-search.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { listCertificateDrafts } from '@/lib/cases/drafts.ts'
import {
  type Certifiable,
  getApplicationForm,
  listCertifiable,
  withDebts,
} from '@/lib/cases/own-certificates.ts'
import { certificateKinds } from '@/lib/certificates/schema.ts'
import { findContracts, pageOf } from '@/lib/contracts/search.ts'
import { clock } from '@/lib/platform/clock.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { Apply } from './apply.tsx'
import { Choose } from './choose.tsx'

type Query = 'kind' | 'contract' | 'step' | 'search' | 'page'

export default async function NewCertificatePage({ searchParams }: PageProps<never, Query>) {
  const customer = await requireCustomer()
  const { kind: named, contract, step, search, page } = await searchParams
  const kind = certificateKinds.find(one => one === named)
  const [biller, code] = typeof contract === 'string' ? contract.split('/') : []
  const now = clock.now()
  if (kind && biller && code) {
    const found = await getApplicationForm(customer, kind, { biller, code }, now)
    if (found) {
      const drafts = await listCertificateDrafts(customer)
      const draft = drafts.find(one => one.kind === kind && one.biller === biller && one.code === code)
      return <Apply found={found} kind={kind} typed={draft?.typed} now={now} />
    }
  }
  const contracts = await listCertifiable(customer)
  // Of others it says nothing, not even that they are there.
  const isTheirs = contracts.some(one => contract === `${one.biller.code}/${one.code}`)
  if (contract !== undefined && !isTheirs) notFound()
  const chosen = isTheirs ? String(contract) : undefined
  const listed = pageOf(chosenFirst(findContracts(contracts, searchOf(search)), chosen), page)
  return (
    <Choose
      contracts={await withDebts(customer, listed.shown, now)}
      count={contracts.length}
      kind={kind}
      contract={chosen}
      isWrong={step !== undefined || isTheirs}
      search={searchOf(search)}
      page={listed.page}
      pages={listed.pages}
    />
  )
}

/** The one that was chosen stands first, on whatever page it would be. */
const chosenFirst = (contracts: Certifiable[], chosen: string | undefined) =>
  contracts.toSorted((a, b) => Number(isChosen(b, chosen)) - Number(isChosen(a, chosen)))

const isChosen = ({ biller, code }: Certifiable, chosen: string | undefined) =>
  chosen === `${biller.code}/${code}`
