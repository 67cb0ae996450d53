// The messages the portal sends, and what each needs to be written. `minutes` is how long a code or link in it is
// taken: after that the message is not sent any more.
export type MessageValues = {
  'registration-code': { code: string; minutes: number }
  welcome: { firstName: string }
  'contract-added-by-other': { contractCode: string; biller: string }
  'payment-received': { amount: string; contractCode: string; number: string }
}
export type MessageKind = keyof MessageValues
