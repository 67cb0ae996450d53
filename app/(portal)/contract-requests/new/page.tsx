// Where a request about a contract begins: what it is about, then the form of its kind.
import { notFound } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { parseInvoiceId } from '@/lib/billing/schema.ts'
import { hearsKind, kindsOfType, readKind, readType, typeOf } from '@/lib/cases/catalogue.ts'
import { getRequestForm } from '@/lib/cases/form-queries.ts'
import { type ContractPageProps, contractOf } from '../../contracts/address.ts'
import { Choose } from './choose.tsx'
import { RequestPage } from './request.tsx'

type Query = 'type' | 'kind' | 'invoice' | 'payment' | 'tooLarge' | 'saved' | 'discarded' | 'step' | 'months'

export default async function NewRequestPage({ searchParams }: ContractPageProps<Query>) {
  const customer = await requireCustomer()
  const { biller, code } = await contractOf(searchParams)
  const { type, kind: named, invoice, payment, tooLarge, saved, discarded, step, months } = await searchParams
  const kind = readKind(named)
  // Without a style for it, kinds of all types are in sight, and one of another type may be chosen.
  const isOfType = kind !== undefined && (type === undefined || type === typeOf(kind))
  const found = await getRequestForm(customer, { biller, code }, isOfType ? kind : undefined)
  if (!found || (kind && !hearsKind(biller, kind))) notFound()
  if (kind && isOfType) {
    return (
      <RequestPage
        found={found}
        kind={kind}
        invoice={String(invoice)}
        payment={String(payment)}
        months={typeof months === 'string' ? months : undefined}
        tooLarge={tooLarge !== undefined}
      />
    )
  }
  const chosen = readType(type)
  const isHeard = chosen !== undefined && kindsOfType(chosen, biller).length > 0
  const done = saved !== undefined ? 'saved' : discarded !== undefined ? 'discarded' : undefined
  return (
    <Choose
      found={found}
      type={isHeard ? chosen : undefined}
      invoice={typeof invoice === 'string' && parseInvoiceId(invoice) ? invoice : undefined}
      isWrong={step !== undefined}
      done={done}
    />
  )
}
