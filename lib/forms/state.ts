// What a form shows after it was sent, for the server and the browser alike.

/** The hidden field of each form: what it was shown for, sealed. */
export const SHOWN_FIELD = 'shown'

/** The files that a form kept from its last answer, a checked box each. */
export const KEPT_FILES_FIELD = 'keptDocuments'

/** The hidden field of a form that was read, and beside whose fields errors stand. */
export const REFUSED_FIELD = 'refused'

/** What is typed into the other forms of a page, each as one text: the language takes them along. */
export const OTHERS_FIELD = 'others'

/** The id of the first form of a page that something is typed into: buttons of the language are its. */
export const MAIN_FORM = 'form'

/** `field`: beside which it is said; none where it is of the form as a whole. */
export type FormError = { field?: string; code: string; text: string }

/** The files of a form: those kept while it is corrected, and what is said of each that was refused. */
export type FormFiles = { kept: { name: string; reference: string }[] }

/**
 * The answer to a form that was not done. It travels through the page as plain text where no script runs: it holds no
 * secret, and what comes back of it is never read.
 */
export type FormState = {
  /** In the order of the fields. */
  errors: FormError[]
  /** What was typed, by field. */
  values: Record<string, string[]>
  files?: FormFiles
  /** The form has to be shown anew, with what was typed: the one on the screen is out of date. */
  stale?: true
  /** Changes with every answer. */
  round: number
}

export const idle: FormState = { errors: [], values: {}, round: 0 }
