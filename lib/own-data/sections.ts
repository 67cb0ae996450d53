// What a copy of one's data holds: its sections, in their order. Documented in docs/own-data.md.
import { type SQL, sql } from 'drizzle-orm'
import { insideMoves } from '../../db/enums.ts'
import { accounts, identityFields } from '../../db/schema/accounts.ts'
import {
  accessLevel,
  dayAt,
  heldUntilDay,
  inOwnTime,
  invoiceBegins,
  paymentBegins,
  seenInvoiceNumber,
  whenInOwnTime,
} from '../contracts/access.ts'

/** The account a query is for: a cursor takes no parameters, so makeExport sets this before it opens one. */
export const ACCOUNT_SETTING = 'drita.own_data_account'
const me = sql.raw(`current_setting('${ACCOUNT_SETTING}')::uuid`)

export type Section = {
  /** Its name in the file. */
  name: string
  /** The tables with a column `account_id` whose rows about the person it takes up: a test looks for missing ones. */
  covers: string[]
  /** One object instead of a list. */
  single?: true
  rows: SQL
}

/**
 * Contracts on the person's list whose holder they are, or were until they moved out: what is recorded of their own time is the
 * person's. With `billers` and what `inOwnTime` asks for.
 */
const held = sql`contract_access
  join accounts on accounts.id = contract_access.account_id
  join contracts on contracts.id = contract_access.contract_id
  join billers on billers.id = contracts.biller_id`
const isHeld = sql`contract_access.account_id = ${me} and (${accessLevel} = 'holder' or ${heldUntilDay})`

/** What staff write for staff is not handed out. */
const seenByOwner = sql`e.move not in (${sql.raw(insideMoves.map(move => `'${move}'`).join(', '))})`

const identityColumns = sql.join(
  identityFields.map(field => sql`${accounts[field]} as ${sql.identifier(field)}`),
  sql`, `,
)

/** Hashes, secrets and what others did are left out; amounts are minor units. */
export const sections: Section[] = [
  {
    name: 'account',
    covers: [],
    single: true,
    rows: sql`select ${identityColumns}, email_verified_at as "emailVerifiedAt", language, notify_by_email as "notifyByEmail", notify_by_sms as "notifyBySms",
        email_undeliverable_at as "emailUndeliverableAt", phone_undeliverable_at as "phoneUndeliverableAt", statement_day as "statementDay",
        created_at as "createdAt"
      from accounts where id = ${me}`,
  },
  {
    name: 'consents',
    covers: [],
    rows: sql`select document, terms_version as version, terms_accepted_at as "acceptedAt"
      from accounts cross join unnest(array['terms', 'privacy', 'refunds']) as document where id = ${me}`,
  },
  {
    name: 'contracts',
    covers: ['contract_access'],
    // Of a contract held by somebody else only what the person brought themselves: who holds it is not theirs.
    rows: sql`select b.code as biller, contracts.code, contract_access.alias, ${accessLevel} as level,
        contract_access.holder_decision as "holderDecision", contract_access.recognised_at as "recognisedAt",
        contract_access.recognised_by as "recognisedBy", contract_access.added_at as "addedAt",
        contract_access.removed_at as "removedAt", contract_access.ends_at as "endsAt",
        contract_access.from_on as "fromOn", contract_access.until_on as "untilOn", contract_access.handover_on as "handoverOn",
        case when ${accessLevel} = 'holder' then json_build_object(
          'firstName', contracts.holder_first_name, 'lastName', contracts.holder_last_name,
          'fatherName', contracts.holder_father_name, 'personalNumber', contracts.holder_personal_number,
          'businessName', contracts.business_name, 'businessNumber', contracts.business_number,
          'category', contracts.category, 'region', contracts.region, 'branch', contracts.branch,
          'zone', contracts.zone, 'address', contracts.address, 'phone', contracts.phone,
          'connectedOn', contracts.connected_on, 'closedOn', contracts.closed_on, 'phases', contracts.phases,
          'powerConnectedKw', contracts.power_connected_kw, 'powerContractedKw', contracts.power_contracted_kw,
          'tariffGroup', contracts.tariff_group, 'customerCategory', contracts.customer_category,
          'meterNumber', contracts.meter_number) end as record
      from contract_access
      join accounts on accounts.id = contract_access.account_id
      join contracts on contracts.id = contract_access.contract_id
      join billers b on b.id = contracts.biller_id
      where contract_access.account_id = ${me} order by b.id, contracts.code`,
  },
  {
    name: 'invoices',
    covers: [],
    rows: sql`select billers.code as biller, contracts.code as contract, i.number, i.period, i.issued_on as "issuedOn",
        i.due_on as "dueOn", i.cancelled_on as "cancelledOn", i.corrected_at as "correctedAt", i.previous_reading as "previousReading",
        i.current_reading as "currentReading", i.reading_kind as "readingKind", i.units, billers.currency, i.principal,
        i.tv_tax as "tvTax", i.total, i.principal_paid as "principalPaid", i.tv_tax_paid as "tvTaxPaid",
        i.interest_paid as "interestPaid", i.nivf, i.nslf, i.fiscal_qr as "fiscalQr",
        i.payment_reference as "paymentReference",
        (select coalesce(json_agg(json_build_object('code', l.code, 'quantity', l.quantity,
          'unitPrice', l.unit_price, 'amount', l.amount, 'vatPercent', l.vat_percent) order by l.position), '[]')
          from invoice_lines l where l.invoice_id = i.id) as lines
      from ${held} join invoices i on i.contract_id = contracts.id
      where ${isHeld} and ${inOwnTime(invoiceBegins('i'))} order by contracts.id, i.period, i.number`,
  },
  {
    name: 'readings',
    covers: [],
    rows: sql`select billers.code as biller, contracts.code as contract, r.meter_number as "meterNumber", r.register,
        r.read_at as "readAt", r.value
      from ${held} join readings r on r.contract_id = contracts.id
      where ${isHeld} and ${inOwnTime(dayAt(sql`r.read_at`))} order by contracts.id, r.read_at, r.register`,
  },
  {
    name: 'sentReadings',
    covers: ['customer_readings'],
    rows: sql`select b.code as biller, contracts.code as contract, r.read_on as "readOn", r.meter_number as "meterNumber", r.high, r.low,
        r.is_unusual as "confirmedUnusual", r.by_holder as "asHolder", r.sent_at as "sentAt", r.withdrawn_at as "withdrawnAt", r.handed_over_at as "handedOverAt",
        (select coalesce(json_agg(d.name order by d.name), '[]') from documents d where d.reading_id = r.id) as photos
      from customer_readings r join billers b on b.id = r.biller_id join contracts on contracts.id = r.contract_id
      where r.account_id = ${me} order by r.sent_at, r.id`,
  },
  {
    name: 'disconnections',
    covers: [],
    rows: sql`select billers.code as biller, contracts.code as contract, d.reference, d.announced_on as "announcedOn",
        d.not_before as "notBefore", d.reason, d.amount, billers.currency, ${whenInOwnTime(sql`d.done_at`)} as "doneAt",
        ${whenInOwnTime(sql`d.reconnected_at`)} as "reconnectedAt", d.cancelled_on as "cancelledOn"
      from ${held} join disconnections d on d.contract_id = contracts.id
      where ${isHeld} and ${inOwnTime(sql`d.announced_on`)} order by contracts.id, d.announced_on, d.id`,
  },
  {
    name: 'payments',
    covers: [],
    rows: sql`select billers.code as biller, contracts.code as contract, p.reference, p.paid_on as "paidOn", p.amount, billers.currency,
        p.method, p.source, p.invoice_number as "invoiceNumber", p.reversed_on as "reversedOn"
      from ${held} join payments p on p.contract_id = contracts.id
      where ${isHeld} and ${inOwnTime(paymentBegins('p'))} order by contracts.id, p.paid_on, p.id`,
  },
  {
    name: 'paymentAttempts',
    covers: ['payment_attempts'],
    // As on their pages: who may not open an invoice is told its month, and never its number.
    rows: sql`select t.number, b.code as biller,
        (select json_agg(of.code order by of.id) from contracts of
          where of.id in (select x.contract_id from payment_attempt_invoices x where x.attempt_id = t.id)) as contracts, t.gateway, t.amount, t.currency, t.state,
        t.created_at as "createdAt", t.state_changed_at as "stateChangedAt", t.decline_code as "declineCode",
        (select coalesce(json_agg(json_build_object('contract', contracts.code, 'number', ${seenInvoiceNumber},
          'period', invoices.period, 'dueOn', invoices.due_on, 'interest', x.interest, 'principal', x.principal, 'tvTax', x.tv_tax)
          order by invoices.due_on, invoices.number), '[]')
          from payment_attempt_invoices x join invoices on invoices.id = x.invoice_id
            join contracts on contracts.id = x.contract_id
            left join contract_access on contract_access.account_id = accounts.id and contract_access.contract_id = contracts.id
          where x.attempt_id = t.id) as invoices,
        (select coalesce(json_agg(json_build_object('reference', p.reference, 'receipt', coalesce(p.receipt_number, p.reference),
          'contract', of.code, 'paidOn', p.paid_on,
          'amount', p.amount, 'transactionId', p.transaction_id) order by p.id), '[]')
          from payments p join contracts of on of.id = p.contract_id where p.attempt_id = t.id) as receipts
      from payment_attempts t join billers b on b.id = t.biller_id join accounts on accounts.id = t.account_id
      where t.account_id = ${me} order by t.created_at, t.id`,
  },
  {
    name: 'refunds',
    covers: [],
    // As on the payment's page: what is no more than asked for, or came to nothing, is told nobody; what staff wrote is for staff.
    rows: sql`select r.number, b.code as biller, coalesce(p.receipt_number, p.reference) as receipt, contracts.code as contract,
        r.way, r.amount, r.currency, case r.state when 'succeeded' then 'givenBack' else 'onItsWay' end as state,
        r.decided_at as "agreedAt", case r.state when 'succeeded' then r.state_changed_at end as "givenBackAt",
        r.transaction_id as "transactionId"
      from payment_attempts t join payments p on p.attempt_id = t.id join refunds r on r.payment_id = p.id
        join billers b on b.id = t.biller_id join contracts on contracts.id = p.contract_id
      where t.account_id = ${me} and r.state in ('submitted', 'unknown', 'succeeded') order by r.requested_at, r.id`,
  },
  {
    name: 'payLinks',
    covers: ['pay_links'],
    // Whoever paid by one is somebody else, and so is where their receipt went.
    rows: sql`select b.code as biller, contracts.code as contract, l.created_at as "createdAt", l.expires_at as "expiresAt",
        l.revoked_at as "withdrawnAt",
        (select coalesce(json_agg(json_build_object('period', invoices.period, 'dueOn', invoices.due_on)
          order by invoices.due_on, invoices.number), '[]')
          from pay_link_invoices x join invoices on invoices.id = x.invoice_id where x.pay_link_id = l.id) as invoices,
        (select coalesce(json_agg(json_build_object('paidOn', p.paid_on, 'amount', p.amount) order by p.id), '[]')
          from payment_attempts t join payments p on p.attempt_id = t.id where t.pay_link_id = l.id) as payments
      from pay_links l join billers b on b.id = l.biller_id join contracts on contracts.id = l.contract_id
      where l.account_id = ${me} order by l.created_at, l.id`,
  },
  {
    name: 'businesses',
    covers: ['account_businesses'],
    rows: sql`select b.code as biller, number, confirmed_at as "confirmedAt"
      from account_businesses join billers b on b.id = biller_id where account_id = ${me} order by confirmed_at, number`,
  },
  {
    name: 'cases',
    covers: ['cases'],
    rows: sql`select cases.number, kind, b.code as biller, contracts.code as contract, answers, state, created_at as "createdAt",
        decided_at as "decidedAt",
        (select json_agg(json_build_object('move', e.move, 'side', e.side, 'note', e.note, 'at', e.at) order by e.number)
          from case_events e where e.case_id = cases.id and ${seenByOwner}) as history
      from cases join billers b on b.id = cases.biller_id left join contracts on contracts.id = cases.contract_id
      where account_id = ${me} order by created_at, cases.id`,
  },
  {
    name: 'caseDrafts',
    covers: ['case_drafts'],
    rows: sql`select kind, b.code as biller, c.code as contract, typed, saved_at as "savedAt"
      from case_drafts d join contracts c on c.id = d.contract_id join billers b on b.id = c.biller_id
      where d.account_id = ${me} order by d.saved_at, d.id`,
  },
  {
    name: 'certificates',
    covers: ['certificates'],
    // What each says, as it says it; the file can be downloaded until the account is closed.
    rows: sql`select number, certificates.code, certificates.kind, b.code as biller, as_of as "asOf", content ->> 'locale' as language,
        content -> 'person' as person, content -> 'business' as business, b.currency, content -> 'contracts' as contracts,
        content -> 'total' as total, superseded_at as "supersededAt", revoked_at as "revokedAt"
      from certificates join billers b on b.id = certificates.biller_id
      where certificates.account_id = ${me} order by as_of, number`,
  },
  {
    name: 'documents',
    covers: ['documents'],
    // With what staff sent in answers.
    rows: sql`select name, type, bytes, created_at as "createdAt", removed_at as "removedAt"
      from documents where id in (
        select id from documents where account_id = ${me}
        union select d.id from cases c join documents d on d.case_id = c.id
          join case_events e on e.case_id = c.id and e.number = d.case_event
        where c.account_id = ${me} and e.side = 'staff' and ${seenByOwner})
      order by created_at, id`,
  },
  {
    name: 'sessions',
    covers: ['sessions'],
    rows: sql`select created_at as "createdAt", last_used_at as "lastUsedAt", expires_at as "expiresAt",
        revoked_at as "endedAt", user_agent as "userAgent", host(address) as address
      from sessions where account_id = ${me} order by created_at, id`,
  },
  {
    name: 'devices',
    covers: ['known_devices'],
    rows: sql`select first_seen_at as "firstSeenAt", last_seen_at as "lastSeenAt"
      from known_devices where account_id = ${me} order by 1`,
  },
  {
    name: 'secondStep',
    covers: ['second_steps', 'recovery_codes'],
    rows: sql`select created_at as "createdAt", confirmed_at as "confirmedAt",
        (select count(*) from recovery_codes r where r.account_id = s.account_id) as "recoveryCodesLeft"
      from second_steps s where account_id = ${me}`,
  },
  {
    name: 'passkeys',
    covers: ['passkeys'],
    rows: sql`select name, created_at as "createdAt", last_used_at as "lastUsedAt"
      from passkeys where account_id = ${me} order by created_at, id`,
  },
  {
    name: 'codes',
    covers: ['one_time_codes'],
    rows: sql`select purpose, about, created_at as "createdAt", expires_at as "expiresAt", used_at as "usedAt"
      from one_time_codes where account_id = ${me} order by created_at, id`,
  },
  {
    name: 'messages',
    covers: ['messages'],
    rows: sql`select channel, kind, language, state, created_at as "createdAt", sent_at as "sentAt"
      from messages where account_id = ${me} order by created_at, id`,
  },
  {
    name: 'notices',
    covers: ['notices', 'notice_items'],
    rows: sql`select n.kind, c.code as contract, n.values, (select coalesce(json_agg(i.event order by i.event), '[]')
        from notice_items i where i.notice_id = n.id) as "about", n.created_at as "createdAt", n.read_at as "readAt", n.archived_at as "archivedAt"
      from notices n left join contracts c on c.id = n.contract_id where n.account_id = ${me} order by n.created_at, n.id`,
  },
  {
    name: 'noticeChoices',
    covers: ['notice_choices'],
    rows: sql`select h.kind, c.code as contract, h.email, h.sms, h.chosen_at as "chosenAt"
      from notice_choices h left join contracts c on c.id = h.contract_id where h.account_id = ${me} order by h.kind, c.code`,
  },
  {
    name: 'dismissedFindings',
    covers: ['dismissed_findings'],
    rows: sql`select b.code as biller, c.code as contract, d.kind, d.cause, d.dismissed_at as "dismissedAt"
      from dismissed_findings d join contracts c on c.id = d.contract_id join billers b on b.id = c.biller_id
      where d.account_id = ${me} order by d.dismissed_at, d.kind, d.cause`,
  },
  {
    name: 'callNotes',
    covers: [],
    rows: sql`select billers.code as biller, contracts.code as contract, n.channel, n.note, n.at
      from ${held} join call_notes n on n.contract_id = contracts.id
      where ${isHeld} and ${inOwnTime(dayAt(sql`n.at`))} order by n.at, n.id`,
  },
  {
    name: 'staffLooks',
    covers: ['staff_looks'],
    // Each part reads an index of its own.
    rows: sql`select b.code as biller, l.contract, l.reason, l.words, l.at, l.unmasked_at as "unmaskedAt"
      from (
        select own.*, null as contract from staff_looks own where own.account_id = ${me}
        union all
        select of.*, contracts.code from ${held} join staff_looks of on of.contract_id = contracts.id
        where ${isHeld} and ${inOwnTime(dayAt(sql`of.at`))}) l
      join billers b on b.id = l.biller_id order by l.at, l.id`,
  },
  {
    name: 'staff',
    // Whom a directory signs in has no account of a customer's, and asks the company, whose word it all is.
    covers: ['staff_members', 'staff_billers', 'staff_identities'],
    rows: sql`select role, created_at as "createdAt",
        array(select b.code from staff_billers s join billers b on b.id = s.biller_id
          where s.account_id = m.account_id order by b.id) as billers
      from staff_members m where account_id = ${me}`,
  },
  {
    name: 'copies',
    covers: ['own_data_exports'],
    rows: sql`select requested_at as "requestedAt" from own_data_exports where account_id = ${me}`,
  },
  {
    name: 'unpaidLists',
    covers: ['unpaid_lists'],
    rows: sql`select format, language, requested_at as "requestedAt", ready_at as "readyAt"
      from unpaid_lists where account_id = ${me} order by format`,
  },
  {
    name: 'events',
    covers: ['audit_events'],
    rows: sql`select at, action, subject, host(address) as address, details - 'accountId' as details
      from audit_events where account_id = ${me} order by at, id`,
  },
]
