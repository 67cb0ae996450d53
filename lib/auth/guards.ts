// The first line of every page, action and route handler that is not public.
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { auth } from './next-auth.ts'
import type { Customer } from './sessions.ts'

export type { Customer } from './sessions.ts'

/** Whoever is signed in, or undefined. Looked up once a request. */
export const currentCustomer = cache(async (): Promise<Customer | undefined> => (await auth())?.customer)

/** The signed-in customer; anybody else is sent to sign in. */
export async function requireCustomer(): Promise<Customer> {
  const customer = await currentCustomer()
  if (!customer) redirect('/sign-in')
  return customer
}
