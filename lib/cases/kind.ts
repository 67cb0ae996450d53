// What a kind of case is: data, and a few functions. Each is in a file of kinds/, and named in kinds.ts.
import type { Executor, Transaction } from '../../db/client.ts'
import type { CaseMove, Currency } from '../../db/enums.ts'
import type { cases } from '../../db/schema/cases.ts'
import type { Staff, StaffRole } from '../auth/staff.ts'
import type { Fields, Form, Values } from '../forms/form.ts'
import type { Locale } from '../i18n/locale.ts'
import type { AuditEvent } from '../platform/audit.ts'
import type { Result } from '../platform/result.ts'
import type { Limit } from './deadline-rules.ts'
import type { Rule } from './rules.ts'

export type Case = typeof cases.$inferSelect

/** Whose a case is: an account's, or of somebody without one, who is written to in this language. */
export type Owner = { accountId: string } | { language: Locale }
export type Answers = Case['answers']

/** By whom, for which of their contracts where the kind is about one, and when. */
export type Filed = { owner: Owner; contract?: { biller: string; code: string }; now: Date }

/** A text of the kind (`kinds.<kind>.<text>`) with its values; several in one value are told one after the other. */
export type Words = { text: string; values?: Record<string, string | number | Date | Money | Words[]> }

/** Minor units. */
type Money = { amount: number; currency: Currency }

/** What a new case is about. */
export type About = {
  billerId: number
  contractId?: number
  /** Of whoever has no account. */
  email?: string
  title: string
  about: string
  uniqueAs?: string
  /** What is kept of the form. */
  answers: Answers
  /** How long staff have by law, and from when where that is not its filing. */
  limit?: Limit
  limitFrom?: Date
  formVersion?: number
}

/** Something that staff choose with a move, a box each. */
export type Choice = {
  value: string
  label: Words
  details: Words[]
  /** Asked once more where it is chosen. */
  confirm: Words
  /** The account that it shows: its person finds the look in the access log. */
  accountId: string
}

/**
 * What a form says (in `fields`) beside what the biller's record says. `agrees`: undefined where the record has nothing.
 * `recorded`: a text where the record itself is not shown. `masked`: of a person, shown to whoever asks for it and is written down.
 */
export type Compared = {
  label: string
  fields: string[]
  claimed: string
  recorded: string | Words
  agrees: boolean | undefined
  masked?: true
}

/** Besides what is compared. `href`: a page that shows it. */
export type Fact = { label: string; field?: string; value: string | Words; href?: string }

/** `by`: of what is granted by rule, whose case it is. */
export type Made = { by: { id: string }; chosen: string[]; now: Date }

export type Move = Rule<StaffRole> & {
  note?: 'required'
  /** Two people: not by the member of staff who filed the case. */
  another?: true
  /** `missing`, `unconfirmed`: what is wrong where there are some and none is chosen; where one is not confirmed. */
  choices?: {
    list: (db: Executor, one: Case, staff: Pick<Staff, 'billerIds'>) => Promise<Choice[]>
    missing: string
    unconfirmed: string
  }
  /** What it does elsewhere, with details for the audit log. Where it fails nothing of the move is done. */
  effect?: (tx: Transaction, one: Case, made: Made) => Promise<Result<AuditEvent['details'], string>>
  /** The owner is told (`kinds.<kind>.told.<move>`), with a link to this page of the portal. */
  tells?: Tells
}

/** A page of the portal: the same for all cases of the kind, or a case's own. */
export type Tells = string | ((one: Case, billerCode: string) => string)

export type Kind = {
  /** Where staff find it: /staff/<queue>. */
  queue: string
  form: { name: string; fields: Fields; failures: Record<string, string> }
  /** Where its texts are, of several kinds the same: `kinds.<texts>`; none said: `kinds.<kind>`. The name is each kind's own. */
  texts?: string
  /** Each has a number of its own by which owner and staff speak of it. */
  numbered?: true
  /** What does not exist, or contradicts what there is, is an error of the form. */
  about: (db: Executor, input: never, filed: Filed) => Promise<Result<About, string>>
  /** Whoever filed it is told (`kinds.<kind>.told.file`). */
  tellsFiled?: Tells
  /** Whether it is accepted as it is filed, by rule and by nobody. */
  grantedByRule?: (tx: Transaction, one: Case) => Promise<boolean>
  /** Where another case of the account has the same `uniqueAs`. */
  taken?: string
  moves: { [Name in CaseMove]?: Move }
  /** Shown side by side on staff's page: `kinds.<kind>.compared.<label>`. */
  compared?: (db: Executor, one: Case) => Promise<Compared[]>
  /** Said on staff's page besides what the form says: `kinds.<kind>.facts.<label>`; `field`: in place of this one of the form's. */
  facts?: (db: Executor, one: Case, now: Date) => Promise<Fact[]>
}

/** What a form says but for its documents, which are kept apart. */
export type Said<F extends Fields> = Omit<Values<F>, 'documents'>

/** A kind of this form's. */
export const kind = <F extends Fields, Code extends string>(
  of: Omit<Kind, 'form' | 'about' | 'taken'> & {
    form: Form<F, Code>
    about: (db: Executor, input: Said<F>, filed: Filed) => Promise<Result<About, NoInfer<Code> | 'notFound'>>
    taken?: NoInfer<Code>
  },
) => of

/** Anybody of the staff. */
export const STAFF = ['agent', 'supervisor', 'administrator'] as const

type Decision = Omit<Move, 'by' | 'note'> & { by?: readonly StaffRole[] }

/** The moves that every decision has: anybody of the staff takes it; whoever may accepts it, or rejects it with a reason. */
export const decide = (accept: Decision, reject: Decision) =>
  ({
    take: { by: STAFF },
    accept: { by: STAFF, ...accept },
    reject: { by: STAFF, note: 'required', ...reject },
  }) as const satisfies Kind['moves']
