// The receipt of a payment, to read and to print.
import { notFound } from 'next/navigation'
import { ReceiptPage } from '@/components/receipt-page.tsx'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { getReceipt } from '@/lib/payments/paid-queries.ts'
import { parseAttemptId } from '@/lib/payments/schema.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

export default async function OwnReceiptPage({ params, searchParams }: PageProps<'id', 'number'>) {
  const customer = await requireCustomer()
  const id = parseAttemptId((await params).id)
  const { number } = await searchParams
  const isNumbered = typeof number === 'string'
  const receipt = id && (await getReceipt(customer, id, isNumbered ? number : undefined))
  if (!receipt) notFound()
  return <ReceiptPage receipt={receipt} path={`/payments/${id}`} isNumbered={isNumbered} />
}
