// Which contract an address names.
import { notFound } from 'next/navigation'
import { readContractAddress } from '@/lib/billers/contract-codes.ts'
import type { PageProps } from '@/lib/request/page-props.ts'

/** A page at `/contracts/[biller]/[code]/…`: the server hands it the codes in its query (lib/http/inside-address.ts). */
export type ContractPageProps<Query extends string = never> = PageProps<never, 'biller' | 'code' | Query>

/** The codes as they are stored, in whatever spelling they stand in the address. */
export async function contractOf(query: ContractPageProps['searchParams']) {
  const { biller, code } = await query
  return readContractAddress({ biller: String(biller), code: String(code) }) ?? notFound()
}
