// What the database knows by name, each declared once: for columns and their checks, for rules, schemas and forms.

export const locales = ['sq', 'en', 'sr'] as const
export type Locale = (typeof locales)[number]

export const countries = ['AL', 'XK'] as const
export type Country = (typeof countries)[number]

export const currencies = ['ALL', 'EUR'] as const
export type Currency = (typeof currencies)[number]

/** As what the list of all unpaid invoices can be had. */
export const listFormats = ['pdf', 'csv'] as const
export type ListFormat = (typeof listFormats)[number]

/** What a biller's invoices are for. */
export const supplies = ['electricity', 'water', 'telephone', 'television', 'fines'] as const
export type Supply = (typeof supplies)[number]

/** What the units of a biller's invoices count. */
export const units = ['kWh', 'm3', 'none'] as const

/** What of a paper bill proves that one has it. */
export const paperProofs = ['meter', 'number', 'none'] as const

/** agent: works the queues. supervisor: decides what agents may not. administrator: people and settings. */
export const staffRoles = ['agent', 'supervisor', 'administrator'] as const
export type StaffRole = (typeof staffRoles)[number]

export const contractCategories = ['household', 'business', 'public'] as const
export type ContractCategory = (typeof contractCategories)[number]

/** Of a meter: active and reactive energy, each by day and by night. */
export const registers = ['A1', 'A2', 'R1', 'R2'] as const

export const readingKinds = ['read', 'estimated', 'remote'] as const
export type ReadingKind = (typeof readingKinds)[number]

/** What somebody who is not the holder may see of a contract. */
export const accessLevels = ['amounts', 'masked'] as const
export const holderDecisions = ['approved', 'limited', 'refused'] as const
/** How a person was recognised as the holder. */
export const recognitions = ['paper', 'counter', 'phone'] as const

/** Above its limit, the price of a block holds for all of the month, or for what is above it alone. */
export const blockKinds = ['whole', 'above'] as const
export type BlockKind = (typeof blockKinds)[number]

/** Why the supply is off: work that was planned, or something broken. */
export const outageKinds = ['planned', 'fault'] as const
export type OutageKind = (typeof outageKinds)[number]
/** Why a contract's supply is cut off. */
export const disconnectionReasons = ['debt', 'safety', 'request'] as const
export type DisconnectionReason = (typeof disconnectionReasons)[number]

export const documentTypes = ['application/pdf', 'image/jpeg', 'image/png'] as const
export type DocumentType = (typeof documentTypes)[number]
export const scanResults = ['clean', 'infected'] as const

export const messageChannels = ['email', 'sms'] as const
export type MessageChannel = (typeof messageChannels)[number]
/**
 * `sent`: handed over to the channel. `delivered`: the channel says that it arrived. `dropped`: nothing of it was true any more when
 * it was to be sent.
 */
export const messageStates = ['queued', 'sent', 'delivered', 'failed', 'dropped'] as const
export type MessageState = (typeof messageStates)[number]

export const paymentMethods = ['CASH', 'CARD', 'TRANSFER'] as const
export type PaymentMethod = (typeof paymentMethods)[number]

export const attemptStates = [
  'created',
  'pending',
  'authorised',
  'captured',
  'declined',
  'cancelled',
  'expired',
  'in_doubt',
  'voided',
] as const
export type AttemptState = (typeof attemptStates)[number]
/** The customer must wait: nobody knows yet whether money moved. */
export const openAttemptStates = ['created', 'pending', 'authorised', 'in_doubt'] as const
/** Given up for now, but the bank may still say otherwise. */
export const closedAttemptStates = ['declined', 'cancelled', 'expired'] as const

/** Kinds of banks that the portal speaks to. Their names stand in addresses and in the rows of attempts, for good. */
export const gatewayNames = ['sandbox', 'nestpay', 'raiaccept'] as const
export type GatewayName = (typeof gatewayNames)[number]

/** Money given back. `rejected`: the second person did not agree. `unknown`: the bank was told and nobody knows what it did. */
export const refundStates = ['requested', 'rejected', 'submitted', 'succeeded', 'failed', 'unknown'] as const
export type RefundState = (typeof refundStates)[number]
export const refundWays = ['card', 'credit'] as const
export type RefundWay = (typeof refundWays)[number]

/** What a row of a bank's settlement file is. `chargeback`: the customer's bank took a payment back. */
export const settlementKinds = ['sale', 'refund', 'chargeback'] as const
export type SettlementKind = (typeof settlementKinds)[number]

/** How a bank's answer reached us: with the browser, from the bank's server, or because we asked. */
export const answerChannels = ['return', 'callback', 'query'] as const
export type AnswerChannel = (typeof answerChannels)[number]

/** Why money does not fit the order that it came for. `second_capture`: another transaction of it was captured before. */
export const misfits = [
  'wrong_merchant',
  'wrong_currency',
  'wrong_amount',
  'no_transaction',
  'second_capture',
  'after_void',
] as const
export type Misfit = (typeof misfits)[number]
/**
 * In what a settlement file and the portal differ. `not_booked`: a sale that the portal has not booked. `not_settled`: a payment that no
 * file has. `settled_otherwise`: in another amount or currency. `charged_back`: taken back by the customer's bank. `refunded_at_bank`: a
 * refund that nobody asked for here. `charged_back_refunded`: of what was taken back some had been given back: it may have left twice.
 */
export const differences = [
  'not_booked',
  'not_settled',
  'settled_otherwise',
  'charged_back',
  'refunded_at_bank',
  'charged_back_refunded',
] as const
export type Difference = (typeof differences)[number]
/** `unknown_order`: of no attempt of ours. `paid_twice`: of a payment that is over, because another one pays its invoices. */
export const exceptionKinds = ['unknown_order', ...misfits, 'paid_twice', ...differences] as const
export type ExceptionKind = (typeof exceptionKinds)[number]

/** What a bank can say of an order. `processing`: it does not know yet itself. */
export const outcomes = ['captured', 'authorised', 'declined', 'cancelled', 'voided', 'processing'] as const
export type Outcome = (typeof outcomes)[number]

/** queued: an upload that nobody has begun with. judging: its rows are read and judged. running: they are loaded. */
export const feedStatuses = [
  'queued',
  'judging',
  'running',
  'loaded',
  'loaded_with_refusals',
  'refused',
  'abandoned',
] as const
export const openFeedStatuses = feedStatuses.slice(0, 3)
/** Files kept of a run: what was uploaded, until it is loaded, and rows that were refused. */
export const feedFilePurposes = ['upload', 'refusals'] as const

export const sandboxOrderStates = ['open', 'captured', 'declined', 'cancelled', 'silent'] as const

/** How far a case is. The last three are decided. */
export const caseStates = ['pending', 'taken', 'waiting', 'accepted', 'rejected', 'withdrawn'] as const
export type CaseState = (typeof caseStates)[number]
export const openStates = caseStates.slice(0, 3)
export const decidedStates = caseStates.slice(3)

const UNTIL_DECIDED = ['pending', 'taken', 'waiting'] as const
const NOT_WITHDRAWN = [...UNTIL_DECIDED, 'accepted', 'rejected'] as const

/**
 * Every move that a case can make; `same`: it stays in the state in which it is. A kind of case has some of them, and may allow
 * one from fewer states.
 */
export const caseMoves = {
  take: { from: ['pending'], to: 'taken' },
  release: { from: ['taken'], to: 'pending' },
  /** Another member of staff has it. */
  handOver: { from: ['taken', 'waiting'], to: 'same' },
  ask: { from: ['pending', 'taken'], to: 'waiting' },
  answer: { from: ['waiting'], to: 'pending' },
  accept: { from: UNTIL_DECIDED, to: 'accepted' },
  reject: { from: UNTIL_DECIDED, to: 'rejected' },
  reopen: { from: ['accepted', 'rejected'], to: 'pending' },
  withdraw: { from: NOT_WITHDRAWN, to: 'withdrawn' },
  /** Staff take back what was granted. */
  revoke: { from: ['accepted'], to: 'withdrawn' },
  /** Staff write to the owner. */
  reply: { from: NOT_WITHDRAWN, to: 'same' },
  /** What staff write for staff. */
  note: { from: NOT_WITHDRAWN, to: 'same' },
  /** The owner writes to staff. */
  write: { from: ['pending', 'taken', 'accepted', 'rejected'], to: 'same' },
  /** The owner changes what the form says, or adds documents. */
  amend: { from: ['pending'], to: 'same' },
} as const satisfies Record<string, { from: readonly CaseState[]; to: CaseState | 'same' }>
export type CaseMove = keyof typeof caseMoves
/** What a case's history consists of, and what its owner is told of. */
export const caseSteps = ['file', ...Object.keys(caseMoves)] as ['file', ...CaseMove[]]

/** What only staff ever see, wherever it is shown, sent or handed out. */
export const insideMoves = ['note', 'handOver'] as const satisfies CaseMove[]

/**
 * Every request and complaint that some biller hears: about billing (F), data of the contract (D), payments (P), service (C) and
 * the meter (M). What each asks is lib/cases/catalogue.ts' to say.
 */
export const requestCodes = [
  ...(['F1', 'F2', 'F3', 'F4', 'F5', 'D1', 'D2', 'D3', 'D4', 'D5'] as const),
  ...(['P1', 'P2', 'P3', 'P4', 'P5', 'C1', 'C2', 'C3', 'C4', 'M1', 'M2', 'M3', 'M4'] as const),
] as const
export type RequestCode = (typeof requestCodes)[number]

/** How long staff have for an answer. */
export const limitUnits = ['calendarDays', 'workingDays', 'hours'] as const

/** `portal`: by rule, and nobody. */
export const caseSides = ['owner', 'staff', 'portal'] as const
export type CaseSide = (typeof caseSides)[number]

/** For whom a debt certificate is: a person and one contract, or a business and all of its contracts. */
export const certificateKinds = ['household', 'private', 'public_procurement'] as const
export type CertificateKind = (typeof certificateKinds)[number]

/** Why a member of staff looks at a customer. */
export const lookReasons = ['phone', 'counter', 'letter', 'case', 'other'] as const

/** How a customer spoke with staff. */
export const noteChannels = ['phone', 'counter', 'letter', 'email'] as const

/** What staff at the counter look at; of its number the last four characters are written down, never all of it. */
export const identityDocuments = ['identityCard', 'passport', 'residencePermit'] as const
export type IdentityDocument = (typeof identityDocuments)[number]
