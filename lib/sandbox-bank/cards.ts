// The sandbox bank's test cards.

export type CardBehaviour = 'approves' | 'declines' | 'noFunds' | 'late' | 'silent' | 'tenfold'

export const CARDS: Record<string, CardBehaviour> = {
  '4000000000000002': 'approves',
  '4000000000000010': 'declines',
  '4000000000000028': 'noFunds',
  '4000000000000036': 'late',
  '4000000000000044': 'silent',
  '4000000000000051': 'tenfold',
}

/** How long the late card's answer takes. */
export const LATE_MS = 30_000

/** How often the tenfold card calls back. */
export const TENFOLD = 10

/** Minor units: of a refund of so much the merchant never hears, though the money was given back. */
export const REFUND_WITHOUT_ANSWER = 1313

/** What a card does; spaces and hyphens between its digits are allowed. Undefined: not one of the bank's. */
export function behaviourOf(cardNumber: string): CardBehaviour | undefined {
  const number = cardNumber.replace(/[\s-]/g, '')
  return Object.hasOwn(CARDS, number) ? CARDS[number] : undefined
}
