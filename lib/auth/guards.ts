// The first line of every page, action and route handler that is not public.
import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import { clock } from '../platform/clock.ts'
import { sessionIdOfRequest } from './session-cookie.ts'
import { type Customer, findSession } from './sessions.ts'
import { findStaff, type Staff, type StaffRole } from './staff.ts'

export type { Customer } from './sessions.ts'

/** Whoever is signed in, or undefined. Looked up once a request. */
export const currentCustomer = cache(async (): Promise<Customer | undefined> => {
  const sessionId = await sessionIdOfRequest()
  return sessionId ? findSession(sessionId, clock.now()) : undefined
})

/** The signed-in customer; anybody else is sent to sign in. */
export async function requireCustomer(): Promise<Customer> {
  const customer = await currentCustomer()
  if (!customer) redirect('/sign-in')
  return customer
}

const RANK: Record<StaffRole, number> = { agent: 1, supervisor: 2, administrator: 3 }

/**
 * The signed-in member of staff with at least this role, in a session that passed the second step: who has none is sent to
 * set it up. The signed-out are sent to sign in, for everybody else there is nothing here.
 */
export async function requireStaff(role: StaffRole = 'agent'): Promise<Staff> {
  const customer = await requireCustomer()
  const staff = customer.isStaff ? await findStaff(customer) : undefined
  if (!staff || RANK[staff.role] < RANK[role]) notFound()
  if (!customer.secondStep) redirect('/account/second-step')
  return staff
}
