// The receipt of a payment by a link, to read and to print.
import { notFound } from 'next/navigation'
import { ReceiptPage } from '@/components/receipt-page.tsx'
import { getLinkReceipt } from '@/lib/payments/pay-links.ts'
import { parseLinkToken } from '@/lib/payments/schema.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

export default async function LinkReceiptPage({ params, searchParams }: PageProps<'token', 'number'>) {
  const token = parseLinkToken((await params).token)
  const { number } = await searchParams
  const isNumbered = typeof number === 'string'
  const receipt = token && (await getLinkReceipt(token, isNumbered ? number : undefined))
  if (!receipt) notFound()
  return <ReceiptPage receipt={receipt} path={`/pay/${token}`} isNumbered={isNumbered} />
}
