// The forms of readings that customers send.
import * as readings from '../../lib/readings/forms.ts'
import { jpeg } from './files.ts'
import { contract, counts, type Row, signedIn } from './form-people.ts'
import type { Portal } from './portal-process.ts'

/** Somebody signed in who has a contract with a meter. */
async function reader(portal: Portal, url: string) {
  const one = await signedIn(portal, url)
  const path = `/contracts/kesco/${await contract(portal, one.person)}/readings`
  return { ...one, path }
}

export const FORMS_OF_READINGS: Row[] = [
  {
    form: readings.readingForm as never,
    field: 'currentReading',
    wrong: { currentReading: 'x', meterNumber: 'm'.repeat(50) },
    ready: async (portal, url) => {
      const one = await reader(portal, url)
      return {
        ...one,
        right: {
          currentReading: '18560',
          documents: [new File([jpeg], 'a.jpg', { type: 'image/jpeg' })],
        },
        done: counts(portal, 'customer_readings where account_id = $1', one.person.id),
      }
    },
  },
  {
    form: readings.withdrawReadingForm as never,
    field: 'intent',
    ready: async (portal, url) => {
      const one = await reader(portal, url)
      await one.customer.submit(await one.customer.get(one.path), 'currentReading', {
        currentReading: '18560',
      })
      return {
        ...one,
        right: {},
        done: counts(
          portal,
          'customer_readings where withdrawn_at is not null and account_id = $1',
          one.person.id,
        ),
      }
    },
  },
]
