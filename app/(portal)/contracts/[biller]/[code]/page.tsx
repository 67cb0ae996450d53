// A contract's address leads to what is due.
import { redirect } from 'next/navigation'
import { requireCustomer } from '@/lib/auth/guards.ts'

export default async function ContractPage({
  params,
}: {
  params: Promise<{ biller: string; code: string }>
}) {
  await requireCustomer()
  const { biller, code } = await params
  redirect(`/contracts/${biller}/${code}/pay`)
}
