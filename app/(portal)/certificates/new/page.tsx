// An application for a debt certificate: for what and about which contract, then its details and what it would say now.
import { notFound } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { listCertificateDrafts } from '@/lib/cases/drafts.ts'
import { getApplicationForm, listCertifiable } from '@/lib/cases/own-certificates.ts'
import { certificateKinds } from '@/lib/certificates/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { Apply } from './apply.tsx'
import { Choose } from './choose.tsx'

type Query = 'kind' | 'contract' | 'step'

export default async function NewCertificatePage({ searchParams }: PageProps<never, Query>) {
  const customer = await requireCustomer()
  const { kind: named, contract, step } = await searchParams
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
  const contracts = await listCertifiable(customer, now)
  // Of others it says nothing, not even that they are there.
  const isTheirs = contracts.some(one => contract === `${one.biller.code}/${one.code}`)
  if (contract !== undefined && !isTheirs) notFound()
  return (
    <Choose
      contracts={contracts}
      kind={kind}
      contract={isTheirs ? String(contract) : undefined}
      isWrong={step !== undefined || isTheirs}
    />
  )
}
