// Every limit, declared once: the name that its tries are counted under, how many (mostly a setting), in how many seconds.
import { type Env, env } from './env.ts'

const QUARTER_HOUR = 15 * 60
const HOUR = 3600
const DAY = 24 * HOUR

/**
 * `points` tries in `seconds`, then a wait of `seconds`. With `longestSeconds` waits grow: each is twice the one before,
 * up to that, until a success or a day without one.
 */
export type Limit = { name: string; points: number; seconds: number; longestSeconds?: number }

type Points = number | Extract<keyof Env, `LIMIT_${string}`>

/** A function: settings are read when they are used. */
const limit = (name: string, points: Points, seconds: number) => (): Limit => ({
  name,
  points: typeof points === 'number' ? points : env()[points],
  seconds,
})

/** What is guessed at: waits grow. */
const guesses = (name: string, points: Points) => (): Limit => ({
  ...limit(name, points, QUARTER_HOUR)(),
  longestSeconds: env().LIMIT_LONGEST_WAIT_MINUTES * 60,
})

export const limits = {
  signInAccount: guesses('sign-in-account', 'LIMIT_SIGN_IN_PER_ACCOUNT'),
  /** Its waits do not grow: hundreds of a mobile carrier's customers have one address. */
  signInAddress: limit('sign-in-address', 'LIMIT_SIGN_IN_PER_ADDRESS', QUARTER_HOUR),
  /** Each right one costs a session, a line of the audit log and a device that is remembered. */
  signIns: limit('sign-ins', 'LIMIT_SIGN_INS_PER_HOUR', HOUR),
  /** Sign-ins of staff that begin at a company's directory, and those that come back from it. */
  directorySignIns: limit('directory-sign-ins', 'LIMIT_SIGN_IN_PER_ADDRESS', QUARTER_HOUR),
  directoryAnswers: limit('directory-answers', 'LIMIT_SIGN_IN_PER_ADDRESS', QUARTER_HOUR),
  /** The own password while signed in, whatever the form. */
  ownPassword: guesses('own-password', 'LIMIT_SIGN_IN_PER_ACCOUNT'),
  /** Codes of an app and recovery codes, at sign-in and on the account's page alike. */
  twoFactor: guesses('second-step', 'LIMIT_TWO_FACTOR_PER_ACCOUNT'),
  comparisonsOfAddress: limit('comparisons-address', 'LIMIT_COMPARISONS_PER_ADDRESS', HOUR),
  comparisons: limit('comparisons', 'LIMIT_COMPARISONS_PER_HOUR', HOUR),
  contractProofs: limit('contract-proofs', 'LIMIT_CONTRACT_PROOFS_PER_HOUR', HOUR),
  /** Whoever guesses, and from however many accounts: a contract's meter number is to stay a secret of its paper. */
  proofsOfContract: limit('contract-proofs-of-contract', 'LIMIT_CONTRACT_PROOFS_PER_CONTRACT', DAY),

  /** Codes of one registration. */
  codeSends: limit('code-sends', 'LIMIT_CODE_SENDS_PER_HOUR', HOUR),
  contactCodes: limit('contact-codes', 'LIMIT_CODE_SENDS_PER_HOUR', HOUR),
  contactCodesDay: limit('contact-codes-day', 'LIMIT_CODE_SENDS_PER_DAY', DAY),
  mailsToAddress: limit('mails-to-address', 'LIMIT_CODE_SENDS_PER_HOUR', HOUR),
  resetsTyped: limit('resets-typed', 'LIMIT_RESETS_PER_HOUR', HOUR),
  resetsKnown: limit('resets-known', 'LIMIT_RESETS_PER_HOUR', HOUR),
  resetsKnownDay: limit('resets-known-day', 'LIMIT_CODE_SENDS_PER_DAY', DAY),
  resetsOfAccount: limit('resets-account', 'LIMIT_RESETS_PER_HOUR', HOUR),
  resetsOfAccountDay: limit('resets-account-day', 'LIMIT_CODE_SENDS_PER_DAY', DAY),
  smsOfAddress: limit('sms-address-hour', 'LIMIT_SMS_PER_ADDRESS_AND_HOUR', HOUR),
  smsOfAddressDay: limit('sms-address-day', 'LIMIT_SMS_PER_ADDRESS_AND_DAY', DAY),
  smsToNumber: limit('sms-number-hour', 'LIMIT_CODE_SENDS_PER_HOUR', HOUR),
  smsToNumberDay: limit('sms-number-day', 'LIMIT_CODE_SENDS_PER_DAY', DAY),
  sms: limit('sms-hour', 'LIMIT_SMS_PER_HOUR', HOUR),
  smsDay: limit('sms-day', 'LIMIT_SMS_PER_DAY', DAY),

  registrations: limit('register', 'LIMIT_REGISTER_PER_ADDRESS', HOUR),
  disputes: limit('disputes', 'LIMIT_DISPUTES_PER_ADDRESS', HOUR),
  businesses: limit('businesses', 'LIMIT_BUSINESSES_PER_DAY', DAY),
  /** Readings that an account sends of a contract; one a day is taken. */
  readings: limit('readings', 'LIMIT_READINGS_PER_DAY', DAY),
  requests: limit('requests', 'LIMIT_REQUESTS_PER_DAY', DAY),
  certificates: limit('certificates', 'LIMIT_CERTIFICATES_PER_DAY', DAY),
  /** What owners do with requests that they sent; of files, also those that staff attach, as many times more as a form takes. */
  requestMoves: limit('request-moves', 'LIMIT_REQUEST_MOVES_PER_HOUR', HOUR),
  /** Accounts that a member of staff names at the counter, and accounts' waits that are lifted. */
  counter: limit('counter', 60, HOUR),
  liftedWaits: limit('lifted-waits', 3, DAY),
  contractAdds: limit('contract-adds', 'LIMIT_CONTRACT_ADDS_PER_HOUR', HOUR),
  copies: limit('own-data-copies', 'LIMIT_COPIES_PER_DAY', DAY),
  /** Its tries are the lists themselves. */
  unpaidLists: limit('unpaid-lists', 'LIMIT_UNPAID_LISTS_PER_DAY', DAY),
  drafts: limit('drafts', 'LIMIT_DRAFTS_PER_ADDRESS', HOUR),
  /** Customers that a member of staff opens, how many let supervisors ask why, and what of theirs found nobody. */
  looks: limit('looks', 'LIMIT_LOOKS_PER_HOUR', HOUR),
  looksDay: limit('looks-day', 'LIMIT_LOOKS_PER_DAY', DAY),
  looksAlarm: limit('looks-alarm', 'LIMIT_LOOKS_ALARM_PER_HOUR', HOUR),
  looksAlarmDay: limit('looks-alarm-day', 'LIMIT_LOOKS_ALARM_PER_DAY', DAY),
  lookupMisses: limit('lookup-misses', 'LIMIT_LOOKUP_MISSES_PER_HOUR', HOUR),
  /** Codes that no certificate has, whether they are typed or asked for by their address; and files that are checked. */
  certificateMisses: limit('certificate-misses', 'LIMIT_CERTIFICATE_MISSES_PER_ADDRESS', HOUR),
  certificateFiles: limit('certificate-files', 'LIMIT_CERTIFICATE_FILES_PER_ADDRESS', HOUR),
  /** Outages that are searched by a contract's code, which may be a guess: from an address, and of one contract. */
  outagesOfAddressAndContract: limit(
    'outages-address-contract',
    'LIMIT_OUTAGES_PER_ADDRESS_AND_CONTRACT',
    HOUR,
  ),
  outagesOfAddress: limit('outages-address', 'LIMIT_OUTAGES_PER_ADDRESS', HOUR),
  outagesOfContract: limit('outages-contract', 'LIMIT_OUTAGES_PER_CONTRACT', HOUR),
  /** Its tries are the attempts themselves. */
  payments: limit('payments', 'LIMIT_PAYMENTS_PER_HOUR', HOUR),
  /** Bills that are looked for to be paid without an account, whether they are found or not. */
  billsOfAddressAndContract: limit('bills-address-contract', 'LIMIT_BILLS_PER_ADDRESS_AND_CONTRACT', HOUR),
  billsOfAddress: limit('bills-address', 'LIMIT_BILLS_PER_ADDRESS', HOUR),
  billsOfContract: limit('bills-contract', 'LIMIT_BILLS_PER_CONTRACT', HOUR),
  /** Attempts by guests' own links that were not paid: its tries are the attempts. */
  guestPaymentsOfContract: limit('guest-payments-contract', 'LIMIT_GUEST_PAYMENTS_PER_CONTRACT', DAY),
  payLinks: limit('pay-links', 'LIMIT_PAY_LINKS_PER_DAY', DAY),
  uploadsOfAddress: limit('uploads-address', 'LIMIT_UPLOADS_PER_ADDRESS', HOUR),
  uploadsOfSession: limit('uploads-session', 'LIMIT_UPLOADS_PER_SESSION', HOUR),

  /** Answers in a bank's name that are not the bank's: of one address, and those that are stored. */
  forgedAnswersOfAddress: limit('payment-forgeries', 60, 600),
  forgedAnswers: limit('payment-forgeries in all', 'LIMIT_FORGED_ANSWERS_PER_HOUR', HOUR),
  /** Of one account, in an hour, before whoever looks after it is told. */
  forgedAnswersOfAccount: limit('payment-forgeries of account', 4, HOUR),
  /** What banks send unsigned: of one address, which may be a bank's own and then tells of every payment; and what of it is stored. */
  hintsOfAddress: limit('payment-hints', 6000, 600),
  hints: limit('payment-hints in all', 2000, HOUR),
  /** Feeds of a token; and asking with a token that is none. */
  feeds: limit('feeds', 'LIMIT_FEEDS_PER_HOUR', HOUR),
  forgedTokens: limit('feed-token-forgeries', 60, 600),
  /** Orders to sign out that are not a directory's. */
  forgedOrders: limit('directory-order-forgeries', 60, 600),
  /** Delivery reports with a wrong key. */
  forgedReports: limit('report-forgeries', 60, 600),
}

/** Of refusals of one kind, those that are written down: of an address, and in all. */
export const recordLimits = (action: string) => ({
  ofAddress: limit(`record ${action}`, 'LIMIT_RECORDED_PER_ADDRESS', HOUR)(),
  inAll: limit(`record ${action} in all`, 'LIMIT_RECORDED_PER_HOUR', HOUR)(),
})

/** The files of forms of which there may be so many. */
export const limitOfFiles = ({ name, points, seconds }: Limit): Limit => ({
  name: `${name}-files`,
  points: points * env().DOCUMENTS_PER_FORM,
  seconds,
})

/** Of one code of six digits that we sent, counted in its row. */
export const TRIES_OF_CODE = 5
/** A registration's code is sent again after so long. */
export const RESEND_SECONDS = 60
