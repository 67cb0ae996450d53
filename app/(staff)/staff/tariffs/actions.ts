'use server'
// Adds a tariff in two steps: what is filled in is shown with what it changes, and counts once it is confirmed.
import { requireStaff } from '@/lib/auth/guards.ts'
import type { BillerCode } from '@/lib/billers/contract-codes.ts'
import { formAction } from '@/lib/request/form-action.ts'
import { addTariff, previewMark, previewTariff } from '@/lib/tariffs/commands.ts'
import { confirmTariffForm, previewTariffForm, tariffOf, typedOf } from '@/lib/tariffs/forms.ts'
import { tariffsPath } from '@/lib/tariffs/schema.ts'
import { readNewTariff } from '@/lib/tariffs/typed.ts'

const guard = () => requireStaff('administrator')

export const previewTariffAction = formAction(previewTariffForm, {
  guard,
  // As the page sealed it.
  command: ({ who, input, shownFor: { biller }, now }) =>
    previewTariff(who, biller as BillerCode, tariffOf(input), now),
  done: (tariff, { who, shownFor: { biller } }) =>
    tariffsPath({
      biller: biller!,
      ...typedOf(tariff),
      step: 'preview',
      mark: previewMark(who, biller as BillerCode, tariff),
    }),
})

export const confirmTariffAction = formAction(confirmTariffForm, {
  guard,
  outdated: ['moved'],
  command: async ({ who, shownFor: { biller, seen, ...typed }, now }) => {
    const tariff = readNewTariff(typed)
    if (!tariff) return { ok: false, code: 'notFound' }
    return addTariff(who, { biller: biller as BillerCode, seen: Number(seen) }, tariff, now)
  },
  done: (_, { shownFor: { biller, group } }) =>
    tariffsPath({ biller: biller!, group: group!, done: 'added' }),
})
