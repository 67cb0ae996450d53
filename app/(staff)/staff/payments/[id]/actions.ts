'use server'
// What staff do with one payment: have the bank asked, ask for a refund, decide one, settle what was held, take back what a bank took back.
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { askAboutPayment } from '@/lib/payment-desk/commands.ts'
import { askBankForm, settleForm, takeBackForm } from '@/lib/payment-desk/forms.ts'
import { differencePath, paymentPath } from '@/lib/payment-desk/schema.ts'
import { resolveException } from '@/lib/payments/differences.ts'
import { ok } from '@/lib/platform/result.ts'
import { decideRefund, requestRefund } from '@/lib/refunds/commands.ts'
import { askRefundForm, decideRefundForm } from '@/lib/refunds/forms.ts'
import { formAction } from '@/lib/request/form-action.ts'
import { agreeChargedBack } from '@/lib/settlements/charged-back.ts'

const supervisor = () => requireStaff('supervisor')

export const askBankAction = formAction(askBankForm, {
  guard: requireStaff,
  command: async ({ who, shownFor: { payment }, now }) => {
    const asked = await askAboutPayment(who, payment!, now)
    return asked.ok ? asked : refuseStaff(who, `attempt:${payment}`)
  },
  done: (answer, { shownFor: { payment } }) => `${paymentPath(payment!)}?asked=${answer}`,
})

export const askRefundAction = formAction(askRefundForm, {
  guard: requireStaff,
  command: async ({ who, input: { payment, ...wanted }, shownFor: { attempt }, key, now }) => {
    const asked = await requestRefund(who, payment, { ...wanted, idempotencyKey: key }, now)
    return asked.ok || asked.code !== 'notFound' ? asked : refuseStaff(who, `attempt:${attempt}`)
  },
  done: (_, { shownFor: { attempt } }) => `${paymentPath(attempt!)}?done=requested`,
})

export const decideRefundAction = formAction(decideRefundForm, {
  guard: supervisor,
  outdated: ['moved'],
  command: async ({ who, input: { intent }, shownFor: { refund, attempt }, now }) => {
    const decided = await decideRefund(who, refund!, intent === 'agree', now)
    return decided.ok || decided.code !== 'notFound' ? decided : refuseStaff(who, `attempt:${attempt}`)
  },
  done: (_, { input: { intent }, shownFor: { attempt } }) => `${paymentPath(attempt!)}?done=${intent}`,
})

export const settleAction = formAction(settleForm, {
  guard: supervisor,
  outdated: ['moved'],
  command: async ({ who, input: { note }, shownFor: { exception, payment }, now }) => {
    const settled = await resolveException(who, Number(exception), note, now)
    if (settled.ok) return ok({ exception: settled.value.id })
    return settled.code === 'moved' ? settled : refuseStaff(who, payment && `attempt:${payment}`)
  },
  done: ({ exception }, { shownFor: { payment } }) =>
    `${payment ? paymentPath(payment) : differencePath(exception)}?done=settled`,
})

export const takeBackAction = formAction(takeBackForm, {
  guard: supervisor,
  outdated: ['moved'],
  command: async ({ who, shownFor: { exception, payment }, now }) => {
    const agreed = await agreeChargedBack(who, Number(exception), now)
    return agreed.ok || agreed.code === 'moved' ? agreed : refuseStaff(who, `attempt:${payment}`)
  },
  done: (_, { shownFor: { payment } }) => `${paymentPath(payment!)}?done=takenBack`,
})
