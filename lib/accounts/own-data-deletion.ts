// Deletes one's own account.
import type { Customer } from '../auth/sessions.ts'
import { database } from '../platform/database.ts'
import type { Result } from '../platform/result.ts'
import { type ClosingFailure, closeAccount } from './closing.ts'

/** Closes the customer's account for good. Their password was asked for before. */
export const deleteOwnAccount = (
  customer: Pick<Customer, 'id'>,
  now: Date,
): Promise<Result<undefined, ClosingFailure>> =>
  database().transaction(tx => closeAccount(tx, customer.id, 'own-request', now))
