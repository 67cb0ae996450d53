// What the simulated bank does with which card, and the pages on which one types its number.
import { escapeHtml } from '../../../lib/platform/text.ts'
import type { Fields } from './nestpay-hash.ts'
import { cardList, page } from './page.ts'

export const cards = {
  approved: '4000000000000010',
  halfSecure: '4000000000000302',
  approvedUnauthenticated: '4000000000000305',
  noFunds: '4000000000000051',
  expired: '4000000000000054',
  failed3dSecure: '4000000000000300',
  wrongNumber: '4000000000001001',
  neverReturns: '4000000000000400',
  callbackBefore: '4000000000000401',
  callbackTwice: '4000000000000402',
  callbackAfter: '4000000000000403',
  callbackLate: '4000000000000404',
  wrongHash: '4000000000000500',
  otherAmount: '4000000000000501',
  otherMerchant: '4000000000000502',
}

const SAYS: Record<keyof typeof cards, string> = {
  approved: 'pays',
  halfSecure: 'pays, checked by one side only; the bank’s server does not call',
  approvedUnauthenticated: 'pays without being checked: in doubt until the bank is asked',
  noFunds: 'has no money',
  expired: 'has expired',
  failed3dSecure: 'its holder was not recognised',
  wrongNumber: 'is no card’s number',
  neverReturns: 'pays; the browser never comes back and the bank’s server does not call',
  callbackBefore: 'pays; the bank’s server calls before the browser is back',
  callbackTwice: 'pays; the bank’s server calls twice',
  callbackAfter: 'pays; the bank’s server calls after the browser is back',
  callbackLate: 'pays; the bank’s server calls late',
  wrongHash: 'pays; the answer is signed wrongly',
  otherAmount: 'pays; the answer names another amount',
  otherMerchant: 'pays; the answer names another merchant',
}

export type Behaviour = {
  /** ProcReturnCode; 00 takes the money; undefined: the card's bank was never asked. */
  code?: string
  mdStatus?: string
  errorCode?: string
  /** The browser is left on the bank's page. */
  stays?: true
  callback?: 'before' | 'twice' | 'after' | 'late'
  /** What the answer says otherwise than it is, signed all the same. */
  says?: Fields
  wrongHash?: true
}

/** What a card does; one that is not listed is declined by its bank. */
export const behaviourOf = (cardNumber: string): Behaviour =>
  BEHAVIOURS[cardNumber.replaceAll(/[ -]/g, '')] ?? { code: '05', mdStatus: '1' }

const APPROVED: Behaviour = { code: '00', mdStatus: '1' }

const BEHAVIOURS: Record<string, Behaviour> = {
  [cards.approved]: { ...APPROVED, callback: 'before' },
  [cards.halfSecure]: { code: '00', mdStatus: '2' },
  [cards.approvedUnauthenticated]: { code: '00', mdStatus: '5' },
  [cards.noFunds]: { code: '51', mdStatus: '1' },
  [cards.expired]: { code: '54', mdStatus: '1' },
  [cards.failed3dSecure]: { mdStatus: '0' },
  [cards.wrongNumber]: { errorCode: 'HPP-1001' },
  [cards.neverReturns]: { ...APPROVED, stays: true },
  [cards.callbackBefore]: { ...APPROVED, callback: 'before' },
  [cards.callbackTwice]: { ...APPROVED, callback: 'twice' },
  [cards.callbackAfter]: { ...APPROVED, callback: 'after' },
  [cards.callbackLate]: { ...APPROVED, callback: 'late' },
  [cards.wrongHash]: { ...APPROVED, wrongHash: true },
  [cards.otherAmount]: { ...APPROVED, says: { amount: '1.00' } },
  [cards.otherMerchant]: { ...APPROVED, says: { clientid: '990000001' } },
}

/** Where the card's number is typed; giving up leads back to the shop. */
export const cardPage = (session: string, { amount = '', currency = '', shopurl = '' }: Fields): string =>
  page(
    'NestPay (simulated)',
    `<p><strong>${escapeHtml(amount)} ${currency === '008' ? 'ALL' : 'EUR'}</strong></p>
    <form method="post" action="/fim/pay">
      <input type="hidden" name="session" value="${escapeHtml(session)}">
      <p><label for="cardNumber">Card number</label><br>
      <input id="cardNumber" name="cardNumber" inputmode="numeric" autocomplete="off" value="${cards.approved}"></p>
      <p><button>Pay</button></p>
    </form>
    <p><a href="${escapeHtml(shopurl)}">Cancel</a></p>
    ${cardList(Object.entries(cards).map(([name, number]) => ({ number, says: SAYS[name as keyof typeof cards] })))}`,
  )

/** Leads the browser back to the shop with the answer: by itself, and by a button where there are no scripts. */
export const returnPage = (url: string, fields: Fields): string =>
  page(
    'Back to the shop',
    `<form method="post" action="${escapeHtml(url)}" accept-charset="utf-8">
      ${Object.entries(fields)
        .map(
          ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
        )
        .join('\n')}
      <p><button>Continue</button></p>
    </form>
    <script>document.forms[0].submit()</script>`,
  )

export const messagePage = (message: string): string => page(message, '')
