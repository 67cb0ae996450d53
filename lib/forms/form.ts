// What a field and a form are: types alone.
import type { Result } from '../platform/result.ts'
import type { FormFiles } from './state.ts'

/** The value that was meant; or what is wrong: a key of the namespace `errors`, and values for its placeholders. */
export type Read<V> = { value: V } | Refusal
export type Refusal = { error: string; values?: Record<string, string | number> }

/** The fields before it, in the form's order, as they were read; a wrong one is missing. */
export type Others = Readonly<Record<string, unknown>>

type Shown = {
  /** Characters that may be typed: of an input it is the `maxlength`; a note may be typed longer, and is refused whole. */
  max?: number
  type?: 'tel' | 'email' | 'password' | 'date'
  inputMode?: 'numeric' | 'decimal'
  /** As in HTML; `off` where nothing is said: then browsers neither offer it again nor bring it back after Back. */
  autoComplete?: string
  /** Of a few characters: a code, a number. */
  short?: true
  /** Its hint is of what is chosen in this other field: `hints.<value>`, else `hints.other`; where nothing is, `hint`. */
  hintsBy?: string
  /** Of a select or of boxes: labels are `fields.<field>.options.<value>`. A page hands in those that are data. */
  options?: readonly string[]
  /** Never sent back, stored or logged. */
  secret?: true
  /** Of a choice that cannot be undone: made anew wherever the form is shown anew, for no draft keeps it. */
  once?: true
  /** Shown only once this error was answered, or while it is checked. */
  after?: string
  /** Of boxes: only those that are checked in this other field. */
  follows?: string
}

/**
 * `read` gets what was typed as it came (`''` where the form had no such field), but for characters that nobody can type;
 * of a secret not even those are left out. `hidden`: set by the page. `button`: which of the form's buttons was pressed
 * (`intent`). `picks`: one of a few, each in full.
 */
export type Field<V = unknown> = Shown &
  (
    | {
        kind: 'text' | 'note' | 'select' | 'picks' | 'box' | 'hidden' | 'button'
        read: (typed: string, others: Others) => Read<V>
      }
    | { kind: 'boxes'; read: (typed: string[], others: Others) => Read<V> }
    /**
     * Gets the ids of the files that were taken. `megabytes`: of the largest. `passing`: it is one file, of these types, and is not kept.
     * `keptFrom`: from when the days count for which others are kept; by default from the decision.
     */
    | {
        kind: 'files'
        megabytes: () => number
        passing?: string
        keptFrom?: 'sending'
        read: (ids: string[], others: Others) => Read<V>
      }
  )

export type Fields = Record<string, Field>

export type ValueOf<R> = R extends { value: infer V } ? V : never

/** What a form's fields say, once all of them are right. */
export type Values<F extends Fields> = { [N in keyof F]: ValueOf<ReturnType<F[N]['read']>> }

/** Texts of a field: `<name>.fields.<field>`, else `fields.<field>`, each with `label`, `hint`. */
export type Form<F extends Fields = Fields, Code extends string = string> = {
  name: string
  /** Other than before where the form means something else although its fields are the same: the terms it accepts. */
  version?: string
  fields: F
  /**
   * Fields that belong together, under a legend (`<name>.groups.<group>`), in the form's order; those in brackets stand side by
   * side where there is room.
   */
  groups?: Record<string, readonly ((keyof F & string) | readonly (keyof F & string)[])[]>
  /** What is wrong between fields that are right by themselves: error keys by field. */
  together?(read: Partial<Values<F>>): { [N in keyof F]?: string }
  /** What its command may answer, and beside which field it is said; `form` for the form as a whole. */
  failures: Record<Code, (keyof F & string) | 'form'>
}

export type Input<F> = F extends Form<infer Of, string> ? Values<Of> : never

/** A form, its types inferred. */
export const form = <const F extends Fields, Code extends string = never>(of: Form<F, Code>): Form<F, Code> =>
  of

/** What a command answers: `wait` says how long (error `wait`), another may say until when; `notFound` is the page that there is no such thing. */
export type Answer<V, Code extends string> =
  | Result<V, Code | 'notFound'>
  | { ok: false; code: Code | 'wait'; seconds: number }
  | { ok: false; code: Code; until: Date }

/** Takes the files that come with a form and those that it kept; `recheck`: after its command failed. */
export type FileSteps<Who> = {
  take: (who: Who, data: FormData, now: Date) => Promise<TakenFiles>
  recheck: (who: Who, taken: TakenFiles, now: Date) => Promise<TakenFiles>
}

/** What became of the files of a form: the ids of those it has now, and what is said of each that was refused. */
export type TakenFiles = {
  ids: string[]
  refused: Refusal[]
  /** Where there were too many: how long to wait. */
  seconds: number
  files: FormFiles
}
