// A contract's address leads to what is due.
import { redirect } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { type ContractAddress, contractOf } from './address.ts'

export default async function ContractPage({ params }: { params: ContractAddress }) {
  await requireCustomer()
  const { biller, code } = await contractOf(params)
  redirect(`/contracts/${biller}/${code}/pay`)
}
