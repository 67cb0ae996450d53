// A contract's address leads to what is due.

import { notFound, redirect } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { readContractAddress } from '@/lib/billers/contract-codes.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

export default async function ContractPage({ params }: PageProps<'biller' | 'code'>) {
  await requireCustomer()
  const { biller, code } = readContractAddress(await params) ?? notFound()
  redirect(`/contracts/${biller}/${code}/pay`)
}
