// The whole walk, in its order: later chapters meet what earlier ones have left.
import { PASSWORD } from '../portal.ts'
import { account, staff } from './account.ts'
import { contracts, extremes, failing, payments } from './customer.ts'
import { enter, leave, type Tour } from './stops.ts'
import { checking, disputing, forgotten, payingWithout, reading, registering, signingIn } from './visitor.ts'

export type { Tour }

export async function walk(tour: Tour): Promise<void> {
  await leave(tour)
  await registering(tour)
  await contracts(tour)
  await leave(tour)
  await disputing(tour)
  await forgotten(tour)
  await signingIn(tour)
  await checking(tour)
  await payingWithout(tour)
  await reading(tour)
  await enter(tour, 'mirela', PASSWORD)
  await payments(tour)
  await account(tour)
  await staff(tour)
  await leave(tour)
  await enter(tour, 'milan', PASSWORD)
  await extremes(tour)
  await failing(tour)
}
