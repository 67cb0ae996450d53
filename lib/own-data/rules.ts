// Which sentence of the access log an event is: pure.

/** `self`: the account did it. `staff`: a member of staff. `other`: somebody else's account. `portal`: nobody, a job or a bank. */
export type Actor = 'self' | 'staff' | 'other' | 'portal'

/** The actions that have a sentence of their own, those too that only events of before cases have (`business.…`), by who did them (namespace `ownData`, `log.self.…`). */
const SENTENCES = {
  self: [
    'account.opened',
    'session.begun',
    'password.refused',
    'code.refused',
    'password.changed',
    'password.reset',
    'password.reset-requested',
    'email.changed',
    'email.verified',
    'phone.changed',
    'email.change-undone',
    'phone.change-undone',
    'second-step.on',
    'second-step.off',
    'second-step.codes-renewed',
    'second-step.recovery-code-used',
    'contract.added',
    'contract.removed',
    'contract.proved',
    'holder.proved',
    'contract.refused',
    'proof.refused',
    'access.approved',
    'access.limited',
    'access.refused',
    'payment.pending',
    'payment.cancelled',
    'business.added',
    'business.removed',
    'case.filed',
    'case.withdrawn',
    'own-data.requested',
    'own-data.fetched',
  ],
  staff: [
    'account.viewed',
    'business.viewed',
    'case.viewed',
    'case.accepted',
    'case.rejected',
    'document.viewed',
    'business.granted',
    'business.refused',
    'holder.recognised',
    'holder.withdrawn',
  ],
  other: [
    'contract.added',
    'contract.removed',
    'contract.proved',
    'holder.proved',
    'contract.refused',
    'proof.refused',
    'payment.captured',
    'access.approved',
    'access.limited',
    'access.refused',
  ],
  portal: [
    'sign-in.refused',
    'registration.refused',
    'second-step.off',
    'sessions.ended',
    'payment.captured',
    'payment.declined',
    'payment.expired',
    'payment.in_doubt',
    'payment.cancelled',
  ],
} as const satisfies Record<Actor, readonly string[]>

/** `self.contract_added`; `staff.unknown` where the action has no sentence. A dot would part the key of a message. */
export function sentenceKey(actor: Actor, action: string): string {
  const known: readonly string[] = SENTENCES[actor]
  return `${actor}.${known.includes(action) ? messageKey(action) : 'unknown'}`
}

const messageKey = (action: string) => action.replace('.', '_')

/** Every key that sentenceKey may return. */
export const sentenceKeys = (): string[] =>
  Object.entries(SENTENCES).flatMap(([actor, actions]) => [
    ...actions.map(action => `${actor}.${messageKey(action)}`),
    `${actor}.unknown`,
  ])
