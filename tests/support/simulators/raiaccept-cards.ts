// The simulated RaiAccept's checkout page, and what its cards do.
import { escapeHtml } from '../../../lib/platform/text.ts'
import { cardList, page } from './page.ts'

export type CardBehaviour =
  | 'succeeds'
  | 'fails'
  | 'noFunds'
  | 'pending'
  | 'closes'
  | 'silent'
  | 'twice'
  | 'test'
  | 'abandons'

/** By number, with what the page says of it. */
export const CARDS: Record<string, { behaviour: CardBehaviour; says: string }> = {
  '4000000000000002': { behaviour: 'succeeds', says: 'pays' },
  '4000000000000010': { behaviour: 'fails', says: 'is refused, and leads back' },
  '4000000000000028': { behaviour: 'noFunds', says: 'has no money: the page asks for another card' },
  '4000000000000036': { behaviour: 'pending', says: 'pays after half a minute' },
  '4000000000000069': { behaviour: 'closes', says: 'pays, and the browser never comes back' },
  '4000000000000044': {
    behaviour: 'silent',
    says: 'pays, the browser never comes back, and no webhook is sent',
  },
  '4000000000000051': { behaviour: 'twice', says: 'pays twice' },
  '4000000000000085': { behaviour: 'test', says: 'is a test card: no money moves' },
  '4000000000000093': { behaviour: 'abandons', says: 'gives up; the session ends' },
}

export const behaviourOf = (cardNumber: string): CardBehaviour | undefined =>
  Object.entries(CARDS).find(([number]) => number === cardNumber.replace(/[\s-]/g, ''))?.[1].behaviour

/** Where the card is asked for; works without JavaScript. */
export const checkoutPage = (order: { amount: string; currency: string; description: string }, error = '') =>
  page(
    'RaiAccept (simulated)',
    `<p>${escapeHtml(order.description)}</p><p><strong>${escapeHtml(order.amount)} ${escapeHtml(order.currency)}</strong></p>
${error && `<p role="alert">${escapeHtml(error)}</p>`}
<form method="post"><p><label for="cardNumber">Card number</label><br>
<input id="cardNumber" name="cardNumber" inputmode="numeric" autocomplete="off" value="4000000000000002"></p>
<p><button name="do" value="pay">Pay</button> <button name="do" value="cancel">Cancel</button></p></form>
${cardList(Object.entries(CARDS).map(([number, { says }]) => ({ number, says })))}`,
  )

/** The end of the way, without a way back. */
export const endPage = (title: string) => page(title, '<p>You can close this window.</p>')
