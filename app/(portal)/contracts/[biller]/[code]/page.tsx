// A contract's address leads to what is due.

import { redirect } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import type { PageProps } from '@/lib/request/page-props.ts'
import { contractOf } from './address.ts'

export default async function ContractPage({ params }: PageProps<'biller' | 'code'>) {
  await requireCustomer()
  const { biller, code } = await contractOf(params)
  redirect(`/contracts/${biller}/${code}/pay`)
}
