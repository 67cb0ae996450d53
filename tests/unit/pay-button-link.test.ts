// The button that leads to paying: the amber one of its view, and not while nobody can pay.
import { expect, test, vi } from 'vitest'
import { PayButtonLink } from '../../components/pay-button-link.tsx'

let stopped: Date | undefined
vi.mock('../../lib/maintenance/queries.ts', () => ({ toldStopped: () => stopped }))

test('stands out where one can pay, and leads to the same while payments are stopped', () => {
  const link = { href: '/invoices/unpaid', look: 'primary', icon: 'pay' } as const
  expect(PayButtonLink(link).props).toEqual(link)
  stopped = new Date()
  expect(PayButtonLink(link).props).toEqual({ href: link.href, look: 'secondary', icon: undefined })
})
