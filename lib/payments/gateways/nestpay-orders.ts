// Asking NestPay about an order, and giving its money back.
import { clock } from '../../platform/clock.ts'
import { addDays, dayIn, instantIn } from '../../platform/dates.ts'
import { log } from '../../platform/log.ts'
import { mayLog } from '../../platform/log-limit.ts'
import { plainAmount } from '../../platform/money.ts'
import { cut } from '../../platform/text.ts'
import type { BankAnswer, Gateway, GatewayAccount, PlacedOrder, RefundAnswer } from './gateway.ts'
import { type ApiAnswer, call } from './nestpay-api.ts'
import { currencyNumbers } from './nestpay-currency.ts'
import { answerOf, historyRows, statusRow } from './nestpay-history.ts'

/** A refund before the bank's end of the day: the sale can be voided as a whole, or its money be given back tomorrow. */
const TOO_EARLY_FOR_REFUND = 'CORE-2508'
/** A void after it. */
const TOO_LATE_FOR_VOID = 'CORE-2008'

export async function query(
  account: GatewayAccount,
  { number }: Pick<PlacedOrder, 'number'>,
): Promise<BankAnswer | 'not-found' | 'no-answer' | 'refused'> {
  const status = await call(account, { OrderId: number, Extra: { ORDERSTATUS: 'QUERY' } })
  if (!status) return 'no-answer'
  if (isNotFound(status, number)) return 'not-found'
  if (!isAbout(status, number)) return refusedQuestion(account, number, status)
  // The status is of the newest transaction alone: behind a declined card or a refund there may be a sale, or two.
  const history = await call(account, { OrderId: number, Extra: { ORDERHISTORY: 'QUERY' } })
  if (!history) return 'no-answer'
  const rows = isAbout(history, number) ? historyRows(history) : []
  // Where the bank keeps no histories, its status is all that there is.
  return (rows && answerOf(number, rows.length > 0 ? rows : [statusRow(status)])) ?? 'no-answer'
}

/** That a record was found, of this order; what is in it is another matter. */
const isAbout = ({ fields }: ApiAnswer, number: string): boolean =>
  fields.Response === 'Approved' && fields.ProcReturnCode === '00' && fields.OrderId === number

const isNotFound = ({ fields }: ApiAnswer, number: string): boolean =>
  fields.Response === 'Declined' &&
  fields.ProcReturnCode === '99' &&
  fields.ErrMsg?.trim() === `No record found for ${number}`

/** Whoever asks is not known, may not ask, is not let in, or has no shop there any more: nothing can be asked until somebody mends it. */
const REFUSES_ALL = ['CORE-2201', 'CORE-2202', 'CORE-2254', 'CORE-2255', 'CORE-2126']

function refusedQuestion(
  { code: account, secrets }: GatewayAccount,
  payment: string,
  answer: ApiAnswer,
): 'no-answer' | 'refused' {
  const code = codeOf(answer)
  const isRefused = REFUSES_ALL.includes(code ?? '')
  const few = mayLog('question refused by NestPay')
  const facts = few && { ...few, account, payment, code, says: wordsOf(answer, secrets) }
  if (facts)
    log.error(
      facts,
      isRefused ? 'ALARM: a bank refuses our questions' : 'a bank did not answer what it was asked',
    )
  return isRefused ? 'refused' : 'no-answer'
}

export const refund: Gateway['refund'] = async (account, order, of) => {
  const credited = await give(account, order, of.amount)
  if (!isRefused(credited, TOO_EARLY_FOR_REFUND)) return credited
  if (!(await isWhole(account, order, of))) return nextDay(account)
  const voided = verdict(await call(account, { OrderId: order.number, Type: 'Void' }), order)
  // In the bank's history a void bears the number of its sale.
  if (voided.state === 'succeeded') return { state: 'succeeded', transactionId: of.transactionId }
  if (!isRefused(voided, TOO_LATE_FOR_VOID)) return voided
  // The day ended in between.
  const again = await give(account, order, of.amount)
  return isRefused(again, TOO_EARLY_FOR_REFUND) ? nextDay(account) : again
}

/** The bank's day ends some time in the night: in the morning it has. */
const nextDay = ({ timeZone }: GatewayAccount): RefundAnswer => ({
  state: 'later',
  at: instantIn(timeZone, `${addDays(dayIn(timeZone, clock.now()), 1)}T06:00`)!,
})

const isRefused = (answer: RefundAnswer, code: string): boolean =>
  answer.state === 'failed' && answer.code === code

/** Without an amount the bank would give back all. */
const give = async (account: GatewayAccount, order: PlacedOrder, amount: number): Promise<RefundAnswer> =>
  verdict(
    await call(account, {
      OrderId: order.number,
      Type: 'Credit',
      Total: plainAmount(amount),
      Currency: currencyNumbers[order.currency],
    }),
    order,
  )

/** Whether the amount is all that the order ever took: a void names the order alone, and takes back whatever sale it finds. */
async function isWhole(
  account: GatewayAccount,
  order: PlacedOrder,
  of: { transactionId: string; amount: number },
): Promise<boolean> {
  const answer = await query(account, order)
  if (typeof answer === 'string') return false
  const [capture, ...others] = answer.captures
  return (
    others.length === 0 &&
    answer.refunds.length === 0 &&
    capture?.id === of.transactionId &&
    capture.amount === of.amount
  )
}

/** The answer to a refund may lack ProcReturnCode. An error without any code may be one after the money was given back. */
function verdict(answer: ApiAnswer | undefined, order: PlacedOrder): RefundAnswer {
  if (!answer) return { state: 'unknown' }
  const { Response, ProcReturnCode = '00', OrderId = order.number, TransId } = answer.fields
  if (Response === 'Approved')
    return ProcReturnCode === '00' && OrderId === order.number
      ? { state: 'succeeded', transactionId: TransId }
      : { state: 'unknown' }
  const code = codeOf(answer)
  const isRefusal = (Response === 'Declined' || Response === 'Error') && code !== undefined
  return isRefusal ? { state: 'failed', code } : { state: 'unknown' }
}

const MOST_WORDS = 200

/** What the bank says in words, without what it may repeat of ours or tell of a person: secrets, addresses, long numbers. */
function wordsOf({ fields }: ApiAnswer, secrets: GatewayAccount['secrets']): string | undefined {
  const words = Object.values(secrets)
    .filter(secret => secret.length > 3)
    .reduce((text, secret) => text.replaceAll(secret, '…'), fields.ErrMsg?.trim() ?? '')
    .replace(/\bhttps?:\S*|[^\s@]{1,64}@\S+|\+?\d[\d *.-]{5,}\d/gi, '…')
  return cut(words, MOST_WORDS) || undefined
}

/** The most exact of the bank's codes; undefined where there is none but "done". */
const codeOf = ({ fields, extra }: ApiAnswer): string | undefined =>
  [extra.ERRORCODE, extra.NUMCODE, fields.ProcReturnCode].find(code => code && !/^0+$/.test(code))
