'use server'
// Keeps by which channels the customer wants to be told, of all contracts or of one.
import { noticeChoicesForm } from '@/lib/accounts/forms.ts'
import { saveContractChoices, saveNoticeChoices } from '@/lib/accounts/notice-choices.ts'
import { requireCustomer } from '@/lib/auth/guards.ts'
import { asPressed, choicesOf } from '@/lib/notifications/own-choices.ts'
import { formAction } from '@/lib/request/form-action.ts'

export const chooseNoticesAction = formAction(noticeChoicesForm, {
  guard: requireCustomer,
  command: ({ who, input: { intent, statementDay, ...channels }, shownFor: { biller, code }, now }) => {
    const choices = asPressed(choicesOf(channels), intent)
    if (biller && code) {
      return saveContractChoices(who, { biller, code }, intent === 'asForAll' ? undefined : choices, now)
    }
    return saveNoticeChoices(who, { choices, statementDay: Number(statementDay) || null }, now)
  },
  done: (_, { shownFor: { biller, code } }) =>
    biller && code
      ? `/account/notices?${new URLSearchParams({ contract: `${biller} ${code}` })}&done`
      : '/account/notices?done',
})
