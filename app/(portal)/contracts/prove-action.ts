'use server'
// Checks what somebody says of a recent paper bill.
import { requireCustomer } from '@/lib/auth/guards.ts'
import type { Customer } from '@/lib/auth/sessions.ts'
import { meterProofForm, numberProofForm } from '@/lib/contracts/forms.ts'
import { type MeterProof, type NumberProof, type Opened, proveContract } from '@/lib/contracts/proof.ts'
import type { ShownFor } from '@/lib/forms/shown.ts'
import { formAction } from '@/lib/request/form-action.ts'

type At = { who: Customer; input: MeterProof | NumberProof; shownFor: ShownFor; now: Date }

const steps = {
  guard: requireCustomer,
  command: ({ who, input, shownFor: { biller, code }, now }: At) =>
    proveContract(who, biller!, code!, input, now),
  done: (opened: Opened, { shownFor: { biller, code } }: Pick<At, 'shownFor'>) =>
    `/contracts/${biller}/${code}/${opened === 'holder' ? 'info?recognised' : 'history?proved'}`,
}

export const proveByMeterAction = formAction(meterProofForm, steps)
export const proveByNumberAction = formAction(numberProofForm, steps)
