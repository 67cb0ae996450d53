// The field for a code of the second step, in forms that change what the account hangs on.
import type { FormFieldSpec } from '@/components/action-form.tsx'
import { sendChangeCode } from '@/lib/auth/demonstration-codes.ts'
import type { Customer } from '@/lib/auth/guards.ts'
import { clock } from '@/lib/platform/clock.ts'
import { getTranslations } from '@/lib/request/locale.ts'

/** What such a form may say of the code. */
export const CODE_ERRORS = ['required', 'tooLong', 'secondCodeWrong', 'secondStepUnreadable', 'wait'] as const

/**
 * None where the account has no second step: a session that is open has passed it where there is one. `id`: where the page
 * has several.
 */
export async function secondCodeField(customer: Customer, id?: string): Promise<FormFieldSpec[]> {
  if (!customer.secondStep) return []
  await sendChangeCode(customer, clock.now())
  const t = await getTranslations('secondStep')
  return [
    {
      kind: 'text',
      name: 'secondCode',
      ...(id && { id }),
      label: t('changeCode'),
      hint: t('anyCodeHint'),
      autoComplete: 'one-time-code',
      maxLength: 30,
    },
  ]
}
