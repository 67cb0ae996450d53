// Which contract an address names.
import { notFound } from 'next/navigation'
import { readContractAddress } from '@/lib/billers/contract-codes.ts'

/** Its codes as they are stored, in whatever spelling they stand in the address. */
export async function contractOf(params: Promise<{ biller: string; code: string }>) {
  return readContractAddress(await params) ?? notFound()
}
