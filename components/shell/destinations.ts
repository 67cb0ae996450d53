// Where the head of a page leads, for each kind of reader. What does not exist yet is not among them.
import type { StaffRole } from '@/lib/auth/staff.ts'
import type { IconName } from '../ui/icon.tsx'

/** `label`: its key in `shell`. */
export type Destination = { href: string; label: Label; icon?: IconName }
type Label =
  | 'home'
  | 'pay'
  | 'usage'
  | 'requests'
  | 'inbox'
  | 'certificates'
  | 'readings'
  | 'manage'
  | 'addContract'
  | 'payments'
  | 'payLinks'
  | 'account'
  | 'devices'
  | 'estimator'
  | 'help'
  | 'noPower'
  | 'staff'
  | 'signIn'
  | 'register'
  | 'staffHome'
  | 'staffRequests'
  | 'staffCustomers'
  | 'staffRegistrations'
  | 'staffCertificates'
  | 'staffStatistics'
  | 'staffDaysOff'
  | 'staffTariffs'
  | 'staffCounter'
  | 'staffPayments'
  | 'staffFeeds'
  | 'staffJobs'
  | 'staffHealth'
  | 'staffMaintenance'
  | 'staffAudit'

const HOME: Destination = { href: '/contracts', label: 'home', icon: 'home' }
const MY_ACCOUNT: Destination = { href: '/account', label: 'account', icon: 'person' }

/** What staff have of a customer's pages. */
export const STAFF_OWN: Destination[] = [HOME, MY_ACCOUNT]

/** In the head itself where there is room, else first in its menu. */
export const MAIN: Destination[] = [
  HOME,
  { href: '/invoices/unpaid', label: 'pay', icon: 'pay' },
  { href: '/usage', label: 'usage', icon: 'usage' },
  { href: '/requests', label: 'requests', icon: 'request' },
]

/** Beside them at any width, with how many are unread. */
export const INBOX: Destination = { href: '/inbox', label: 'inbox', icon: 'mail' }

export const ACCOUNT: Destination[] = [
  { href: '/certificates', label: 'certificates', icon: 'doc' },
  { href: '/contracts/manage', label: 'manage', icon: 'doc' },
  { href: '/contracts/add', label: 'addContract', icon: 'plus' },
  { href: '/readings', label: 'readings', icon: 'meter' },
  MY_ACCOUNT,
  { href: '/account/payments', label: 'payments', icon: 'seal' },
  { href: '/pay-links', label: 'payLinks', icon: 'mail' },
  { href: '/account/sessions', label: 'devices', icon: 'device' },
  { href: '/estimator', label: 'estimator', icon: 'calc' },
  { href: '/no-power', label: 'noPower', icon: 'lamp' },
  { href: '/help', label: 'help', icon: 'help' },
]

/** `inMenu`: at any width, for what is not opened all day; there is no room for all of them. */
const STAFF: (Destination & { inMenu?: true; but?: StaffRole; only?: StaffRole })[] = [
  { href: '/staff', label: 'staffHome' },
  { href: '/staff/customers', label: 'staffCustomers' },
  { href: '/staff/requests', label: 'staffRequests' },
  { href: '/staff/certificates', label: 'staffCertificates' },
  { href: '/staff/registrations', label: 'staffRegistrations' },
  { href: '/staff/counter', label: 'staffCounter' },
  { href: '/staff/payments', label: 'staffPayments', inMenu: true },
  { href: '/staff/statistics', label: 'staffStatistics', inMenu: true },
  { href: '/staff/days-off', label: 'staffDaysOff', inMenu: true },
  { href: '/staff/tariffs', label: 'staffTariffs', inMenu: true },
  { href: '/staff/feeds', label: 'staffFeeds', inMenu: true },
  { href: '/staff/health', label: 'staffHealth', inMenu: true, but: 'agent' },
  { href: '/staff/maintenance', label: 'staffMaintenance', inMenu: true, only: 'administrator' },
  { href: '/staff/jobs', label: 'staffJobs', inMenu: true, only: 'administrator' },
  { href: '/staff/audit', label: 'staffAudit', inMenu: true, but: 'agent' },
]

/** Those that open for the role; the page of an error knows none, and offers what opens for all. */
export function staffDestinations(role: StaffRole = 'agent'): Record<'main' | 'others', Destination[]> {
  const open = STAFF.filter(({ but, only = role }) => but !== role && only === role)
  return { main: open.filter(({ inMenu }) => !inMenu), others: open.filter(({ inMenu }) => inMenu) }
}

/** On the page of the one, the other is offered. */
export const VISITOR: Destination[] = [
  { href: '/no-power', label: 'noPower' },
  { href: '/help', label: 'help' },
  { href: '/register', label: 'register' },
  { href: '/sign-in', label: 'signIn' },
]
