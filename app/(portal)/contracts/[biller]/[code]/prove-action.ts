'use server'
// Checks what somebody says of a recent paper bill.
import { requireCustomer } from '@/lib/auth/guards.ts'
import type { Customer } from '@/lib/auth/sessions.ts'
import { meterProofForm, numberProofForm } from '@/lib/contracts/forms.ts'
import { type MeterProof, type NumberProof, proveContract } from '@/lib/contracts/proof.ts'
import type { ShownFor } from '@/lib/forms/shown.ts'
import { ok } from '@/lib/platform/result.ts'
import { formAction } from '@/lib/request/form-action.ts'

type At = { who: Customer; input: MeterProof | NumberProof; shownFor: ShownFor; now: Date }

const steps = {
  guard: requireCustomer,
  command: async ({ who, input, shownFor: { biller, code }, now }: At) => {
    const result = await proveContract(who, biller!, code!, input, now)
    if (!result.ok) return result
    return ok(
      `/contracts/${biller}/${code}/${result.value === 'holder' ? 'info?recognised' : 'history?proved'}`,
    )
  },
  done: (page: string) => page,
}

export const proveByMeterAction = formAction(meterProofForm, steps)
export const proveByNumberAction = formAction(numberProofForm, steps)
