// The first line of every page, action and route handler that is not public.
import { cookies, headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import { answering } from '../platform/answering.ts'
import { clock } from '../platform/clock.ts'
import { pathOfThisSite, withWayBack } from '../platform/paths.ts'
import { recordRefused } from '../platform/rate-limits.ts'
import { sessionIdOf } from './session-cookie.ts'
import { type Customer, findSession } from './sessions.ts'
import { findStaff, type Staff, type StaffRole } from './staff.ts'

export type { Customer } from './sessions.ts'

/** Whoever is signed in, or undefined. Looked up once a request. */
export const currentCustomer = cache(async (): Promise<Customer | undefined> => {
  const sessionId = sessionIdOf(await cookies())
  const customer = sessionId ? await findSession(sessionId, clock.now()) : undefined
  const answer = answering.getStore()
  const { id: accountId, sessionId: session, language, isStaff, role } = customer ?? {}
  if (answer)
    Object.assign(answer, { sessionId: session, accountId, language, isStaff, isAgent: role === 'agent' })
  return customer
})

/**
 * The signed-in customer; whom a directory signs in is none, and is sent to the pages of staff. Anybody else is sent to sign in, and
 * from there to `page`, which is the one that was asked for where nothing is said.
 */
export async function requireCustomer(page?: string): Promise<Customer> {
  const customer = await requireSignedIn(page)
  if (customer.ofDirectory) redirect('/staff')
  return customer
}

/** Whoever is signed in, customer or staff: for what both of them ask for by one address. */
export async function requireSignedIn(page?: string): Promise<Customer> {
  const customer = await currentCustomer()
  if (customer) return customer
  const to = page ?? (await headers()).get('x-path') ?? '/'
  redirect(withWayBack('/sign-in', pathOfThisSite(to)))
}

const RANK: Record<StaffRole, number> = { agent: 1, supervisor: 2, administrator: 3 }

/**
 * The signed-in member of staff with at least this role, in a session that passed the second step: who has none is sent to
 * set it up. The signed-out are sent to sign in; for everybody else there is nothing here, and that they asked is written
 * down.
 */
export async function requireStaff(role: StaffRole = 'agent'): Promise<Staff> {
  const customer = await requireSignedIn()
  const staff = customer.isStaff ? await findStaff(customer) : undefined
  if (!staff || RANK[staff.role] < RANK[role]) return refuseStaff(customer, undefined, role)
  if (!customer.twoFactor) redirect('/account/second-step')
  return staff
}

/**
 * There is no such thing for this member of staff: an id that was forged, or another biller's. That it was asked for is
 * written down. `subject`: `dispute:…`, where it has the form of an id at all; `needs`: the role that was missing.
 */
export async function refuseStaff(customer: Customer, subject?: string, needs?: StaffRole): Promise<never> {
  await recordRefused({
    action: 'staff.refused',
    accountId: customer.id,
    subject,
    details: needs && { needs },
    at: clock.now(),
  })
  notFound()
}
