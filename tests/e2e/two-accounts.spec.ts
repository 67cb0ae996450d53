// An attack from two accounts: whoever is signed in sends every server action what belongs to somebody else. Arguments
// bound to an action and hidden fields travel through the page; here they are sent without one. A new action needs an entry.
import fs from 'node:fs'
import type { APIRequestContext } from 'playwright/test'
import {
  forgotPasswordForm,
  recoveryCodeForm,
  resendCodeForm,
  resetCodeForm,
  resetPasswordForm,
  signInCodeForm,
  signInPasskeyForm,
  undoContactForm,
  verifyEmailForm,
  verifyForm,
} from '../../lib/accounts/code-forms.ts'
import {
  changePasswordForm,
  contactCodeForm,
  copyForm,
  deleteAccountForm,
  emailChangeForm,
  noticeChoicesForm,
  phoneChangeForm,
  registerForm,
  resendVerificationForm,
  signInForm,
} from '../../lib/accounts/forms.ts'
import { auditForm } from '../../lib/audit/forms.ts'
import {
  addPasskeyForm,
  allowPasskeyForm,
  changeTwoFactorForm,
  codesKeptForm,
  endSessionsForm,
  finishTwoFactorForm,
  removePasskeyForm,
  setUpTwoFactorForm,
} from '../../lib/auth/forms.ts'
import { findingForm } from '../../lib/billing/forms.ts'
import {
  addDayOffForm,
  amendForm,
  answerForm,
  businessForm,
  changeDaysOffForm,
  discardForm,
  disputeForm,
  moveForm,
  requestForm,
  searchForm,
  unmaskForm,
  withdrawalForm,
  withdrawForm,
  withdrawRequestForm,
  writeForm,
} from '../../lib/cases/forms.ts'
import { certificateCheckForm, certificateForm } from '../../lib/certificates/forms.ts'
import {
  accessForm,
  addContractForm,
  confirmHandoverForm,
  handoverForm,
  meterProofForm,
  nameForm,
  numberProofForm,
  removeForm,
  restoreForm,
  undoHandoverForm,
} from '../../lib/contracts/forms.ts'
import { recogniseForm, unlockForm } from '../../lib/counter/forms.ts'
import type { Form } from '../../lib/forms/form.ts'
import { type ShownFor, sealShown } from '../../lib/forms/shown.ts'
import { SHOWN_FIELD } from '../../lib/forms/state.ts'
import { callNoteForm, findCustomerForm, followForm, lookForm, revealForm } from '../../lib/looks/forms.ts'
import { endMaintenanceForm, maintenanceForm } from '../../lib/maintenance/forms.ts'
import { inboxForm } from '../../lib/notifications/forms.ts'
import { askBankForm, searchPaymentsForm, settleForm, takeBackForm } from '../../lib/payment-desk/forms.ts'
import {
  cancelForm,
  findBillForm,
  makeLinkForm,
  payByLinkForm,
  payForm,
  payPartForm,
  withdrawLinkForm,
} from '../../lib/payments/forms.ts'
import { addDays } from '../../lib/platform/dates.ts'
import { readingForm, withdrawReadingForm } from '../../lib/readings/forms.ts'
import { askRefundForm, decideRefundForm } from '../../lib/refunds/forms.ts'
import { settlementForm } from '../../lib/settlements/forms.ts'
import { confirmTariffForm, previewTariffForm } from '../../lib/tariffs/forms.ts'
import { retryJobsForm } from '../../lib/worker/forms.ts'
import { addCase, askOwner } from '../support/cases.ts'
import { type Ids, idsOfMirela } from '../support/own-addresses.ts'
import { expect, PASSWORD, rows, signIn, test } from '../support/portal.ts'
import { type Portal, SECRET } from '../support/portal-process.ts'
import { addressOfPage } from '../support/routes.ts'

// Forms are sealed here as the portal does.
Object.assign(process.env, { AUTH_SECRET: SECRET, DEMO: 'on', APP_URL: 'http://localhost' })

/** Those of routes, and what only actions name. */
type ActionIds = Ids & {
  session: string
  /** A link that she sent. */
  link: string
  pending: string
  guest: string
  dispute: string
  draft: string
  /** A reading that she sent. */
  reading: string
  /** Requests: one that waits for her, and two that are open. */
  asked: string
  open: string
  late: string
  /** Applications for certificates: one that staff ask about, and one that is open. */
  askedApplication: string
  openApplication: string
}

/**
 * `bound`: what its page binds to it. `state`: whether it takes a form's state before the form. `of`: the form of lib/forms that it
 * takes, what that was shown for, and what its page left out; it is sealed as if a page had shown it to whoever sends it.
 */
type Forged = {
  bound?: string[]
  state?: false
  of?: [form: Form, shownFor?: ShownFor, without?: string[]]
  form: Record<string, string>
}

const KEY = '11111111-1111-4111-8111-111111111111'
/** As if a right password had been typed, of another account. */
const waitingOf = (accountId: string) =>
  JSON.stringify({ id: KEY, accountId, passwordMark: 'x', until: Date.now() + 600_000 })
/** A day on which somebody may move out. */
const SOON = addDays(new Date().toISOString().slice(0, 10), 20)
const passwords = { newPassword: 'Korrik-1912', newPasswordConfirm: 'Korrik-1912' }

const COUNTER_FIELDS = {
  identifier: 'mirela',
  identityDocument: 'passport',
  documentEnding: '4821',
  seenInPerson: 'on',
}

/** What names something of somebody's is answered as if it were not there. */
const NAMES_SOMETHING: Record<string, (ids: ActionIds) => Forged> = {
  cancelPaymentAction: ({ pending }) => ({ of: [cancelForm, { payment: pending }], form: {} }),
  proveByMeterAction: ({ biller, code }) => ({
    of: [meterProofForm, { biller, code }],
    form: { meterNumber: 'M1', currentReading: '1' },
  }),
  proveByNumberAction: ({ biller, code }) => ({
    of: [numberProofForm, { biller, code }],
    form: { invoiceNumber: '1', invoiceTotal: '1' },
  }),
  decideAccessAction: ({ biller, code, guest }) => ({
    of: [accessForm, { biller, code, account: guest }],
    form: { intent: 'save', level: 'approved' },
  }),
  chooseHandoverAction: ({ biller, code }) => ({
    of: [handoverForm, { biller, code }],
    form: { movesOutOn: SOON },
  }),
  confirmHandoverAction: ({ biller, code }) => ({
    of: [confirmHandoverForm, { biller, code, on: SOON }],
    form: {},
  }),
  undoHandoverAction: ({ biller, code }) => ({ of: [undoHandoverForm, { biller, code }], form: {} }),
  // Another amount than is due: whoever may pay it is shown it anew.
  payPartAction: ({ biller, invoice }) => ({
    of: [payPartForm, { biller, totals: `${invoice}:5000`, amount: '200' }],
    form: {},
  }),
  payAction: ({ biller, code, invoice }) => ({
    of: [payForm, { biller, code }],
    form: { invoices: invoice, totals: `${invoice}:1`, intent: 'pay' },
  }),
  makeLinkAction: ({ biller, code, invoice }) => ({
    of: [makeLinkForm, { biller, code }],
    form: { invoices: invoice },
  }),
  withdrawLinkAction: ({ link }) => ({ of: [withdrawLinkForm, { link }], form: {} }),
  sendReadingAction: ({ biller, code }) => ({
    of: [readingForm, { biller, code }, ['lowReading']],
    form: { currentReading: '18560' },
  }),
  withdrawReadingAction: ({ biller, code, reading }) => ({
    of: [withdrawReadingForm, { biller, code, reading }],
    form: {},
  }),
  nameContractAction: ({ biller, code }) => ({ of: [nameForm, { biller, code }], form: { alias: 'x' } }),
  removeContractAction: ({ biller, code }) => ({ of: [removeForm, { biller, code }], form: {} }),
  changeFindingAction: ({ biller, code, invoice }) => ({
    of: [findingForm, { biller, code, finding: `skipped ${invoice}`, page: '/usage' }],
    form: { intent: 'dismiss' },
  }),
  restoreContractAction: ({ biller, code }) => ({ of: [restoreForm, { biller, code }], form: {} }),
  changeNoticesAction: ({ notice }) => ({
    of: [inboxForm, { page: '1' }],
    form: { notices: notice, until: '2026-11-27T12:00:00.000Z', intent: 'archive' },
  }),
  chooseNoticesAction: ({ biller, code }) => ({
    of: [noticeChoicesForm, { biller, code }, ['statement', 'statementDay']],
    form: { overdue: 'sms', intent: 'save' },
  }),
  // At the counter: nobody but staff.
  recogniseAction: ({ biller, code }) => ({
    of: [recogniseForm],
    form: { ...COUNTER_FIELDS, biller, contractCode: code },
  }),
  askWithdrawalAction: ({ biller, code }) => ({
    of: [withdrawalForm],
    form: { identifier: 'mirela', biller, contractCode: code, note: 'x' },
  }),
  searchAuditAction: () => ({ of: [auditForm], form: { identifier: 'mirela' } }),
  searchRequestsAction: () => ({ of: [searchForm], form: { search: 'F1000000001' } }),
  unlockAction: () => ({
    of: [unlockForm],
    form: { ...COUNTER_FIELDS, checkedBy: 'passport', lift: 'wait' },
  }),
  endSessionsAction: ({ session }) => ({ of: [endSessionsForm, { session }], form: {} }),
  sendRequestAction: ({ biller, code }) => ({
    of: [requestForm, { biller, code, kind: 'F1' }],
    form: { type: 'F', kind: 'F1', note: 'x', intent: 'send' },
  }),
  discardDraftAction: ({ biller, code, draft }) => ({ of: [discardForm, { biller, code, draft }], form: {} }),
  answerAction: ({ asked }) => ({
    of: [answerForm, { case: asked, seen: '3', page: '/requests' }],
    form: { newValue: '1', note: 'x' },
  }),
  amendAction: ({ open }) => ({
    of: [amendForm, { case: open, seen: '1', page: '/requests' }],
    form: { note: 'x' },
  }),
  writeAction: ({ late }) => ({
    of: [writeForm, { case: late, seen: '3', page: '/requests' }],
    form: { note: 'x' },
  }),
  withdrawAction: ({ late }) => ({
    of: [withdrawRequestForm, { case: late, seen: '3', page: '/requests' }],
    form: {},
  }),
  applyAction: ({ biller, code }) => ({
    of: [
      certificateForm,
      { kind: 'household', biller, code },
      ['nipt', 'confirmNipt', 'businessName', 'legalRepresentative', 'holder'],
    ],
    form: {
      ...{ kind: 'household', biller, contractCode: code, language: 'sq', intent: 'apply' },
      ...{ firstName: 'Mirela', fatherName: 'Agim', lastName: 'Shehu', personalNumber: 'J05115999K' },
    },
  }),
  answerApplicationAction: ({ askedApplication }) => ({
    of: [answerForm, { application: askedApplication, seen: '2' }],
    form: { note: 'x' },
  }),
  withdrawApplicationAction: ({ openApplication }) => ({
    of: [withdrawRequestForm, { application: openApplication, seen: '1' }],
    form: {},
  }),
  removeBusinessAction: ({ business }) => ({ of: [withdrawForm, { case: business }], form: {} }),
  addDayOffAction: () => ({
    of: [addDayOffForm, { country: 'AL', year: '2027', seen: '0' }],
    form: { on: '01.06.2027', name: 'x', source: 'x' },
  }),
  changeDaysOffAction: () => ({
    of: [changeDaysOffForm, { country: 'AL', year: '2027', seen: '0' }],
    form: { intent: 'confirmYear' },
  }),
  previewTariffAction: () => ({
    of: [previewTariffForm, { biller: 'oshee' }],
    form: {
      ...{
        group: 'household',
        from: '01.01.2030',
        high: '10',
        blockKind: 'none',
        fixedFee: '95',
        tvTax: '100',
      },
      ...{ vatPercent: '20', source: 'x' },
    },
  }),
  confirmTariffAction: () => ({
    of: [
      confirmTariffForm,
      {
        ...{ biller: 'oshee', seen: '0', group: 'household', from: '01.01.2030', high: '10', low: '' },
        ...{ blockKind: 'none', blockLimit: '', blockHigh: '', blockLow: '', fixedFee: '95', tvTax: '100' },
        ...{ vatPercent: '20', source: 'x', note: '' },
      },
    ],
    form: {},
  }),
  setMaintenanceAction: () => ({
    of: [maintenanceForm, { seen: 'none' }],
    form: {
      begins: 'now',
      day: '',
      time: '',
      untilDay: addDays(new Date().toISOString().slice(0, 10), 1),
      untilTime: '12',
      sure: 'on',
    },
  }),
  endMaintenanceAction: () => ({ of: [endMaintenanceForm, { seen: 'none' }], form: { isOver: 'on' } }),
  retryJobsAction: () => ({ of: [retryJobsForm, { task: 'send-email' }], form: { intent: 'kind' } }),
  findCustomerAction: ({ biller, code }) => ({
    of: [findCustomerForm],
    form: { biller, identifier: code, reason: 'phone' },
  }),
  lookAction: ({ biller, code }) => ({ of: [lookForm, { biller, code }], form: { reason: 'phone' } }),
  followAction: ({ biller, code }) => ({ of: [followForm, { look: KEY, biller, code }], form: {} }),
  revealAction: () => ({ of: [revealForm, { look: KEY }], form: {} }),
  noteCallAction: ({ biller, code }) => ({
    of: [callNoteForm, { biller, code }],
    form: { channel: 'phone', note: 'x' },
  }),
  searchPaymentsAction: ({ code }) => ({ of: [searchPaymentsForm], form: { search: code } }),
  askBankAction: ({ payment }) => ({ of: [askBankForm, { payment }], form: {} }),
  askRefundAction: ({ payment }) => ({
    of: [askRefundForm, { attempt: payment }],
    form: { payment: '1', amount: '1', way: 'card', reason: 'Paid by mistake.' },
  }),
  decideRefundAction: ({ payment }) => ({
    of: [decideRefundForm, { refund: KEY, attempt: payment }],
    form: { intent: 'agree' },
  }),
  settleAction: ({ payment }) => ({
    of: [settleForm, { exception: '1', payment }],
    form: { note: 'x' },
  }),
  takeBackAction: ({ payment }) => ({ of: [takeBackForm, { exception: '1', payment }], form: {} }),
  loadSettlementAction: () => ({ of: [settlementForm], form: { account: '1' } }),
  unmaskAction: ({ dispute }) => ({ of: [unmaskForm, { case: dispute }], form: {} }),
  moveAction: ({ dispute, account }) => ({
    of: [moveForm, { case: dispute }],
    form: { intent: 'accept', chosen: account, confirmed: account },
  }),
}

const STAFFS = [
  'addDayOffAction',
  'askWithdrawalAction',
  'changeDaysOffAction',
  'previewTariffAction',
  'confirmTariffAction',
  'retryJobsAction',
  'setMaintenanceAction',
  'endMaintenanceAction',
  'moveAction',
  'recogniseAction',
  'searchAuditAction',
  'searchRequestsAction',
  'searchPaymentsAction',
  'askBankAction',
  'askRefundAction',
  'decideRefundAction',
  'settleAction',
  'takeBackAction',
  'loadSettlementAction',
  'unlockAction',
  'unmaskAction',
  'findCustomerAction',
  'lookAction',
  'followAction',
  'revealAction',
  'noteCallAction',
]

/** What is done to the account that is signed in, or to a browser's own registration: no id of it is taken from outside. */
const NAMES_NOTHING: Record<string, (ids: ActionIds) => Forged> = {
  changeEmailAction: () => ({ of: [emailChangeForm], form: { email: 'x@example.com' } }),
  changePhoneAction: () => ({ of: [phoneChangeForm], form: { phone: '+355682999999' } }),
  applyChangeAction: () => ({ of: [contactCodeForm, { kind: 'phone' }], form: { code: '123456' } }),
  resendVerificationAction: () => ({ of: [resendVerificationForm], form: {} }),
  changePasswordAction: () => ({
    of: [changePasswordForm],
    form: { currentPassword: PASSWORD, username: 'mirela', ...passwords },
  }),
  deleteAccountAction: () => ({
    of: [deleteAccountForm],
    form: { username: 'mirela', currentPassword: PASSWORD },
  }),
  requestExportAction: () => ({ of: [copyForm], form: {} }),
  beginAction: () => ({ of: [setUpTwoFactorForm], form: {} }),
  confirmAction: () => ({ of: [finishTwoFactorForm], form: { code: '123456' } }),
  codesKeptAction: () => ({ of: [codesKeptForm], form: {} }),
  allowPasskeyAction: () => ({
    of: [allowPasskeyForm],
    form: { currentPassword: 'Demo-2024', code: '123456' },
  }),
  addPasskeyAction: () => ({
    of: [addPasskeyForm, { challenge: 'A'.repeat(43), askedAt: new Date().toISOString(), session: 'x' }],
    form: { name: 'x', response: '{}' },
  }),
  removePasskeyAction: () => ({ of: [removePasskeyForm], form: { passkey: 'of-mirela' } }),
  changeAction: () => ({
    of: [changeTwoFactorForm],
    form: { intent: 'off', currentPassword: PASSWORD, code: '123456' },
  }),
  addContractAction: ({ biller, code }) => ({
    of: [addContractForm],
    form: { biller, contractCode: code, firstName: 'X', lastName: 'Y' },
  }),
  // A document is kept by a sealed reference: its id is none.
  addBusinessAction: ({ biller, document }) => ({
    of: [businessForm],
    form: {
      biller,
      nipt: 'J91402501L',
      businessName: 'T',
      legalRepresentative: 'T',
      keptDocuments: document,
    },
  }),
  disputeAction: ({ document }) => ({ of: [disputeForm], form: { keptDocuments: document } }),
  findBillAction: ({ biller, code }) => ({
    of: [findBillForm],
    form: { biller, contractCode: code, invoiceNumber: 'NONE' },
  }),
  checkCertificateAction: () => ({ of: [certificateCheckForm], form: { code: '0'.repeat(16) } }),
  registerAction: () => ({ of: [registerForm], form: { username: 'mirela' } }),
  verifyAction: ({ account }) => ({ of: [verifyForm, { registration: account }], form: { code: '123456' } }),
  resendAction: ({ account }) => ({
    of: [resendCodeForm, { registration: account }],
    form: { biller: 'oshee', phone: '+355682999999' },
  }),
  signInAction: () => ({ of: [signInForm], form: { identifier: 'mirela', password: 'x' } }),
  signInCodeAction: ({ account }) => ({
    of: [signInCodeForm, { waiting: waitingOf(account) }],
    form: { code: '123456' },
  }),
  signInRecoveryAction: ({ account }) => ({
    of: [recoveryCodeForm, { waiting: waitingOf(account) }],
    form: { recoveryCode: 'abcde-fghjk' },
  }),
  signInPasskeyAction: ({ account }) => ({
    of: [
      signInPasskeyForm,
      { waiting: waitingOf(account), challenge: 'A'.repeat(43), askedAt: new Date().toISOString() },
    ],
    form: { response: '{"id":"of-mirela"}' },
  }),
  requestResetAction: () => ({ of: [forgotPasswordForm], form: { identifier: 'nobody' } }),
  checkCodeAction: ({ account }) => ({ of: [resetCodeForm, { reset: account }], form: { code: '123456' } }),
  // Whoever has the token has the link; its id is worth nothing.
  payByLinkAction: ({ link, invoice }) => ({
    of: [payByLinkForm, { token: link, totals: `${invoice}:1` }],
    form: { email: 'x@example.com' },
  }),
  cancelByLinkAction: ({ link, pending }) => ({
    of: [cancelForm, { token: link, payment: pending }],
    form: {},
  }),
  // Whoever has the token has the message.
  resetPasswordAction: ({ account }) => ({ of: [resetPasswordForm, { token: account }], form: passwords }),
  undoAction: ({ account }) => ({ of: [undoContactForm, { token: account }], form: {} }),
  verifyEmailAction: ({ account }) => ({ of: [verifyEmailForm, { token: account }], form: {} }),
}

type Action = { id: string; name: string; page: string }

function listActions(): Action[] {
  const manifest = JSON.parse(fs.readFileSync('.next-test/server/server-reference-manifest.json', 'utf8'))
  return Object.entries<{ workers: Record<string, unknown>; exportedName: string }>(manifest.node).map(
    ([id, { workers, exportedName }]) => ({
      id,
      name: exportedName,
      page: addressOfPage(Object.keys(workers)[0]!),
    }),
  )
}

/** More of mirela's, made where she has none; a guest has her contract too. */
async function actionIdsOfMirela(portal: Portal): Promise<ActionIds> {
  const ids = await idsOfMirela(portal)
  type More = Pick<ActionIds, 'account' | 'session' | 'link' | 'pending' | 'guest' | 'draft' | 'reading'>
  const [more] = await rows<More & { biller_id: number; contract_id: number }>(
    portal.databaseUrl,
    `with her as (select id from accounts where username = 'mirela'),
     of as (
       select p.account_id, p.biller_id, l.contract_id, l.invoice_id from payment_attempts p
       join payment_attempt_invoices l on l.attempt_id = p.id where p.number = 'T-ROUTES'),
     passkey as (
       insert into passkeys (id, account_id, public_key, counter, transports, name, created_at)
       select 'of-mirela', id, 'x', 0, '{}', 'Phone', now() from her),
     session as (
       insert into sessions (account_id, expires_at) select id, now() + interval '1 day' from her returning id),
     link as (
       insert into pay_links (token_hash, account_id, biller_id, contract_id, language, created_at, expires_at)
       select gen_random_uuid()::text, account_id, biller_id, contract_id, 'sq', now(), now() + interval '1 day'
       from of returning id),
     pending as (
       insert into payment_attempts
         (number, account_id, biller_id, gateway, amount, currency, state, live, started_on, idempotency_key)
       select 'T-ACTIONS', account_id, biller_id, gateway, amount, currency, 'pending', true, started_on,
         gen_random_uuid()
       from payment_attempts where number = 'T-ROUTES' returning id),
     line as (
       insert into payment_attempt_invoices (attempt_id, invoice_id, contract_id, live, interest, principal, tv_tax)
       select pending.id, invoice_id, contract_id, true, 0, 1000, 0 from of, pending),
     guest as (
       insert into contract_access (account_id, contract_id)
       select a.id, of.contract_id from accounts a, of where a.username = 'operator'
       returning account_id),
     reading as (
       insert into customer_readings (account_id, biller_id, contract_id, read_on, high, is_unusual, sent_at)
       select account_id, biller_id, contract_id, '2020-01-02', 1, false, now() from of
       returning id::text),
     draft as (
       insert into case_drafts (account_id, contract_id, kind, typed, saved_at)
       select account_id, contract_id, 'D2', '{}', now() from of
       on conflict (account_id, contract_id, kind) do update set typed = excluded.typed returning id),
     disputed as (select biller_id, contract_id::int from of)
     select her.id as account, session.id as session, link.id as link, pending.id as pending, guest.account_id as guest, draft.id as draft, reading.id as reading, disputed.*
     from her, session, link, pending, guest, draft, reading, disputed`,
  )
  const { biller_id, contract_id, ...of } = more!
  const dispute = await addCase((text, values) => rows(portal.databaseUrl, text, values), {
    biller_id,
    contract_id,
    email: 'a@example.com',
    answers: { personalNumber: 'J00101999W', phone: '+355682000001' },
  })
  const requests = await rows<{ kind: string; id: string }>(
    portal.databaseUrl,
    `select kind, id from cases where account_id = $1 and queue = 'requests'`,
    [of.account],
  )
  const request = (kind: string) => requests.find(one => one.kind === kind)!.id
  return {
    ...{ ...ids, ...of, dispute },
    ...{ asked: request('D3'), open: request('M2'), late: request('C2') },
    ...(await applicationsOf(portal, of.account, { biller_id, contract_id })),
  }
}

/** Of kinds that her contract is not for, so that she can still apply for hers. */
async function applicationsOf(
  { databaseUrl }: Portal,
  account_id: string,
  contract: { biller_id: number; contract_id: number },
) {
  const query = (text: string, values: unknown[]) => rows(databaseUrl, text, values)
  const add = (kind: string) => addCase(query, { queue: 'certificates', kind, account_id, ...contract })
  const [askedApplication, openApplication] = [await add('private'), await add('public_procurement')]
  await askOwner(query, askedApplication, 'Which one?')
  return { askedApplication, openApplication }
}

/** All rows that are mirela's, or about her contract and her dispute, as one text. */
async function everythingOf({ account, dispute }: ActionIds, url: string): Promise<string> {
  const tables = [
    `accounts where id = $1`,
    `sessions where account_id = $1`,
    `cases where account_id = $1`,
    `case_drafts where account_id = $1`,
    `certificates where account_id = $1`,
    `passkeys where account_id = $1`,
    `account_businesses where account_id = $1`,
    `documents where account_id = $1`,
    // But for what the bank was asked meanwhile, which is nobody's doing here.
    `(select (to_jsonb(a) - '{asked_at,untried_at}'::text[])::text as kept from payment_attempts a where account_id = $1) attempts`,
    `pay_links where account_id = $1`,
    `customer_readings where account_id = $1`,
    `one_time_codes where account_id = $1`,
    `own_data_exports where account_id = $1`,
    `notices where account_id = $1`,
    `notice_choices where account_id = $1`,
    `second_steps where account_id = $1`,
    `contract_access where contract_id in (select contract_id from contract_access where account_id = $1)
       and account_id <> (select id from accounts where username = 'stranger')`,
    `cases where id = $2`,
    `staff_looks`,
    `call_notes`,
  ]
  const [row] = await rows<{ all: string }>(
    url,
    `select concat_ws(' ', ${tables
      .map(table => `(select string_agg(t::text, ' ' order by t::text) from (select * from ${table}) t)`)
      .join(', ')}, $1::uuid, $2::uuid) as all`,
    [account, dispute],
  )
  return row!.all
}

/** Another customer, who has nothing; with the password of the demonstration's. */
const makeStranger = (url: string) =>
  rows(
    url,
    `insert into accounts (personal_number, username, email, phone, first_name, last_name, name_folded, password_hash,
       terms_version, terms_accepted_at)
     select 'I05101999Q', 'stranger', 'stranger@example.com', '+355692000099', 'Arta', 'Berisha', 'arta berisha',
       password_hash, terms_version, now() from accounts where username = 'milan' on conflict do nothing`,
  )

/** As React sends a call: its arguments, and the form's fields before them. */
async function call(request: APIRequestContext, url: string, { id }: Action, path: string, forged: Forged) {
  const { bound = [], state = true, form } = forged
  // The order counts: fields that come after the arguments are none of the form's.
  const multipart = new FormData()
  for (const [name, value] of Object.entries(form)) multipart.append(`_1_${name}`, value)
  multipart.append('0', JSON.stringify([...bound, ...(state ? [{}] : []), '$K1']))
  const answer = await request.post(path, {
    multipart,
    headers: { 'Next-Action': id, Origin: url },
    maxRedirects: 0,
  })
  return answer.status()
}

test('every action, with what is another account’s, changes nothing of it @once', async ({
  browser,
  portal,
}) => {
  const actions = listActions()
  const all = { ...NAMES_SOMETHING, ...NAMES_NOTHING }
  expect(Object.keys(all).sort()).toEqual(actions.map(({ name }) => name).sort())

  await makeStranger(portal.databaseUrl)
  const ids = await actionIdsOfMirela(portal)
  const values: Record<string, string> = {
    biller: ids.biller,
    code: ids.code,
    number: ids.request,
    token: KEY,
    id: ids.account,
  }
  const pathOf = ({ name, page }: Action) =>
    page.replace(/\[(\w+)\]/g, (_, part: string) => values[part] ?? (all[name]!(ids).bound?.[0] as string))
  const callAs = async (username: string, some: Action[], extra: Record<string, string> = {}) => {
    const page = await browser.newPage({ baseURL: portal.url })
    await signIn(page, username)
    const [sender] = await rows<{ id: string }>(
      portal.databaseUrl,
      'select id from accounts where username = $1',
      [username],
    )
    const answers: Record<string, number> = {}
    for (const action of some) {
      const forged = all[action.name]!(ids)
      const [shown, shownFor, without] = forged.of ?? []
      const sealed = shown && { [SHOWN_FIELD]: sealShown(shown, sender!.id, shownFor, without) }
      const form = { ...extra, ...sealed, ...forged.form }
      answers[action.name] = await call(page.request, portal.url, action, pathOf(action), { ...forged, form })
    }
    await page.close()
    return answers
  }

  const named = actions.filter(({ name }) => name in NAMES_SOMETHING)
  const before = await everythingOf(ids, portal.databaseUrl)
  // Fields that no form has: whose account it should be.
  const whose = { id: ids.account, account_id: ids.account, accountId: ids.account, customer: ids.account }
  const answers = await callAs('stranger', actions, whose)
  for (const { name } of named) expect.soft(`${name} ${answers[name]}`).toBe(`${name} 404`)
  for (const [name, status] of Object.entries(answers)) expect.soft(status, name).toBeLessThan(500)
  expect(await everythingOf(ids, portal.databaseUrl)).toBe(before)

  // The same by mirela are no 404s, but those of staff, and of a contract that she took off: the calls above were understood.
  const own = await callAs('mirela', named)
  for (const { name } of named) {
    const expected = STAFFS.includes(name) || name === 'restoreContractAction' ? '404' : '(200|303)'
    expect.soft(`${name} ${own[name]}`).toMatch(new RegExp(`^${name} ${expected}$`))
  }
  expect(await everythingOf(ids, portal.databaseUrl)).not.toBe(before)

  for (const [statement, id] of [
    ['delete from cases where id = $1', ids.dispute],
    ['delete from cases where id = $1', ids.askedApplication],
    ['delete from cases where id = $1', ids.openApplication],
    [`delete from cases where account_id = $1 and kind = 'F1'`, ids.account],
    ['delete from contract_access where account_id = $1', ids.guest],
    ['update contract_access set alias = null where account_id = $1', ids.account],
  ] as const) {
    await rows(portal.databaseUrl, statement, [id])
  }
})

test('who signs in beside a session has the new one alone @once', async ({ page, portal }) => {
  await makeStranger(portal.databaseUrl)
  const signInAction = listActions().find(({ name }) => name === 'signInAction')!
  const openSessions = () =>
    rows<{ username: string }>(
      portal.databaseUrl,
      `select username from sessions s join accounts a on a.id = s.account_id
       where username in ('milan', 'stranger') and revoked_at is null`,
    )
  await rows(portal.databaseUrl, 'update sessions set revoked_at = now() where revoked_at is null')
  await signIn(page, 'stranger')
  expect(await openSessions()).toEqual([{ username: 'stranger' }])
  const cookies = await page.context().cookies()
  expect(cookies.map(({ name }) => name).sort()).toEqual([
    'authjs.callback-url',
    'authjs.session-token',
    'cookies',
    'device',
  ])
  for (const { httpOnly, sameSite } of cookies) expect([httpOnly, sameSite]).toEqual([true, 'Lax'])
  const sealed = { [SHOWN_FIELD]: sealShown(signInForm, null) }
  const form = { ...sealed, identifier: 'milan', password: PASSWORD }
  await call(page.request, portal.url, signInAction, '/sign-in', { form })
  expect(await openSessions()).toEqual([{ username: 'milan' }])
})
