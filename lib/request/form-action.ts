// What the action of every form does: reads it, claims it, lets its command run, and leads on.
import { createHash, randomUUID } from 'node:crypto'
import { refresh } from 'next/cache'
import { cookies } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { currentCustomer } from '../auth/guards.ts'
import { answerForm, claimForm, doForm, findDone, freeForm } from '../forms/answers.ts'
import type { Answer, Fields, FileSteps, Form, TakenFiles, Values } from '../forms/form.ts'
import { keptValues, readFields, readSent, type Sent, type Wrong } from '../forms/sent.ts'
import { openShown, type Shown, type ShownFor, versionOf } from '../forms/shown.ts'
import type { FormState } from '../forms/state.ts'
import { clock } from '../platform/clock.ts'
import type { Limit } from '../platform/limits.ts'
import { withWayBack } from '../platform/paths.ts'
import { countTry, type Key } from '../platform/rate-limits.ts'
import { ownBrowser, pagePath } from './device.ts'
import { forgetOwnDrafts, leaveDraft } from './drafts.ts'
import { formErrors } from './form-errors.ts'

type At<F extends Fields, Who> = { who: Who; input: Values<F>; shownFor: ShownFor; key: string; now: Date }
/** Of a form that was done: what it was and who sent it; `repeated`: it had been done before. */
type Done<F extends Fields, Who> = Pick<At<F, Who>, 'who' | 'input' | 'shownFor'> & { repeated: boolean }
/** `typed`: all but secrets, by field. */
type Kept<Who> = {
  who: Who
  typed: Record<string, string[]>
  files: string[]
  shownFor: ShownFor
  now: Date
}
/** `most`: so many were allowed. `until`: when it may be done. */
type Failure<Code extends string> = { code: Code | 'wait'; seconds?: number; most?: number; until?: Date }

export type Steps<F extends Fields, Code extends string, Who, V> = {
  /** Throws where its sender may not. */
  guard: () => Promise<Who>
  /** Whether it is only to be shown again with what was chosen: a total, where no script counts it. */
  redraw?: (data: FormData) => boolean
  files?: FileSteps<Who>
  /** What one of its buttons does with what was typed as it stands, before any of it is read; the answer is where to go. */
  keep?: {
    intent: string
    command: (at: Kept<Who>) => Promise<Answer<string, NoInfer<Code>>>
  }
  /** Tries that are counted, in this order; the code of what is said where there were too many, else `wait`. */
  limit?: (at: At<F, Who>) => Promise<[limit: Limit, key: Key, code?: NoInfer<Code>][]>
  /** Asks for the password again, or for a code. */
  confirm?: (at: At<F, Who>) => Promise<Failure<NoInfer<Code>> | undefined>
  /**
   * Its transaction ends with okOnce (lib/forms/answers.ts), so that a form sent again after a crash is not done again; where it
   * needs more than one, what is made keeps `key`, the same for a form sent twice, under a unique constraint.
   */
  command: (at: At<F, Who> & { files: string[] }) => Promise<Answer<V, NoInfer<Code>>>
  /** Sets cookies and says where to go; for a form sent twice again, with the same value. */
  done: (value: V, of: Done<F, Who>) => Promise<string> | string
  /** Codes that say that the page is of before: it is shown as it is now, with what was typed. */
  outdated?: NoInfer<Code>[]
  /** Done, it has signed its sender out, as an account that was closed: then `done` gets the value alone. */
  endsSession?: true
}

type Again = { wrong: Wrong[]; taken?: TakenFiles; stale?: true }

/**
 * The action of a form: a redirect where it was done, else the form again. It acts on what the form was shown for, and
 * does the same form but once: sent again it gets the same answer (lib/forms/answers.ts).
 */
export function formAction<F extends Fields, Code extends string, Who, V>(
  form: Form<F, Code>,
  steps: Steps<F, Code, Who, V>,
): (state: FormState, data: FormData) => Promise<FormState> {
  return async (_, data) => {
    const sent = readSent(form.fields, data)
    const again = (answer: Again) => {
      if (answer.wrong.some(({ error }) => steps.outdated?.some(code => code === error))) refresh()
      return formAgain(form, sent, answer)
    }
    const shown = openShown(data)
    if (shown?.name !== form.name || shown.version !== versionOf(form)) {
      return again({ wrong: [{ error: 'sendAgain' }], stale: true })
    }
    const browser = shown.account ? undefined : await ownBrowser()
    const key = keyOf(shown, sent, steps.files && (await hashOfFiles(data)), browser)
    if (!(await isSender(shown))) {
      const known = steps.endsSession && (await findDone(key))
      if (known) leadTo(await steps.done(known.value as V, {} as Done<F, Who>))
      redirect(withWayBack('/sign-in?unsent', await leaveDraft(data, await pagePath(), { unsent: true })))
    }
    if (shown.account === null && (await cookies()).getAll().length === 0) {
      return again({ wrong: [{ error: 'cookiesRefused' }] })
    }
    const who = await steps.guard()
    if (steps.redraw?.(data)) return again({ wrong: [] })
    const now = clock.now()
    if (steps.keep && sent.typed.get('intent')?.at(-1) === steps.keep.intent) {
      const kept = await keep(form, steps, { who, sent, data, shownFor: shown.for, now })
      if ('wrong' in kept) return again(kept)
      await forgetOwnDrafts(form, shown.for)
      leadTo(kept.value)
    }
    const readWith = (ids?: string[]) => readFields(form, sent, shown.without, ids)
    const read = readWith()
    if (!read.ok) {
      const taken = await steps.files?.take(who, data, now)
      return again(taken ? { wrong: wrongWith(form, readWith, taken), taken } : { wrong: read.wrong })
    }

    const claim = await claimForm(key, hasSecret(form))
    if (claim.state === 'late') return again({ wrong: [{ error: 'stillBeingDone' }] })
    if (claim.state === 'known' && claim.outcome === 'failed') return again(claim.answer as Again)
    const at = { who, input: read.input, shownFor: shown.for, key, now }
    if (claim.state === 'known') leadTo(await steps.done(claim.answer as V, { ...at, repeated: true }))

    const done = await attempt(form, steps, at, readWith, data).catch(async (error: unknown) => {
      await freeForm(key)
      throw error
    })
    if ('wrong' in done) {
      // It wants what was not asked for, as a password where too long went by: the page as it is now asks for it.
      const isStale = done.wrong.some(({ field }) => field !== undefined && shown.without.includes(field))
      const answer: Again = isStale ? { ...done, stale: true } : done
      await answerForm(key, 'failed', answer)
      return again(answer)
    }
    await forgetOwnDrafts(form, shown.for)
    leadTo(await steps.done(done.value, { ...at, repeated: false }))
  }
}

/**
 * Where the framework's router knows the page already, if only by another fragment of its address, it would go on showing what
 * it has of it: without what the form did.
 */
function leadTo(page: string): never {
  refresh()
  redirect(page)
}

/** Not where the session ended, or somebody else signed in: then nothing is done, and what was typed waits for whom it was shown to. */
const isSender = async ({ account }: Shown): Promise<boolean> =>
  account === null || (await currentCustomer())?.id === account

/**
 * A UUID, the same for a form sent twice, by a double click or a reload; whoever goes back and sends other content sends
 * another. So does another browser that sends what was overheard: it may not be told the session that the form began.
 */
const keyOf = (
  { name, key, account }: Shown,
  { content }: Sent,
  files: string | undefined,
  browser: string | undefined,
): string =>
  createHash('sha256')
    // With a cookie of an older build it has no key, and is told to nobody again.
    .update(JSON.stringify([name, key, account ?? browser ?? randomUUID(), content, files]))
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')

/** Of the same name and size, a file may be another one all the same. */
async function hashOfFiles(data: FormData): Promise<string> {
  const hash = createHash('sha256')
  for (const [, value] of data) {
    if (typeof value === 'string') continue
    for await (const piece of value.stream()) hash.update(piece)
  }
  return hash.digest('hex')
}

const hasSecret = ({ fields }: Form): boolean => Object.values(fields).some(({ secret }) => secret)

/** Files that are refused are said at once: nothing is kept without them. */
async function keep<F extends Fields, Code extends string, Who, V>(
  form: Form<F, Code>,
  steps: Steps<F, Code, Who, V>,
  { who, sent, data, shownFor, now }: { who: Who; sent: Sent; data: FormData; shownFor: ShownFor; now: Date },
): Promise<{ value: string } | Again> {
  const taken = await steps.files?.take(who, data, now)
  const wrong = taken ? wrongFiles(form, taken) : []
  if (wrong.length > 0) return { wrong, taken }
  const typed = keptValues(form.fields, sent)
  const answer = await steps.keep!.command({ who, typed, files: taken?.ids ?? [], shownFor, now })
  if (answer.ok) return { value: answer.value }
  return afterFailure(form, steps, who, answer as Failure<Code>, taken, now)
}

async function afterFailure<F extends Fields, Code extends string, Who, V>(
  form: Form<F, Code>,
  steps: Steps<F, Code, Who, V>,
  who: Who,
  failure: Failure<Code> | { code: 'notFound' },
  before: TakenFiles | undefined,
  now: Date,
): Promise<Again> {
  if (failure.code === 'notFound') notFound()
  const taken = before && (await steps.files!.recheck(who, before, now))
  const gone = taken ? wrongFiles(form, taken) : []
  return { wrong: gone.length > 0 ? gone : [wrongOf(form, failure as Failure<Code>)], taken }
}

async function attempt<F extends Fields, Code extends string, Who, V>(
  form: Form<F, Code>,
  steps: Steps<F, Code, Who, V>,
  at: At<F, Who>,
  readWith: (ids: string[]) => ReturnType<typeof readFields>,
  data: FormData,
): Promise<{ value: V } | Again> {
  const { who, now } = at
  const taken = await steps.files?.take(who, data, now)
  if (taken) {
    const wrong = wrongWith(form, readWith, taken)
    if (wrong.length > 0) return { wrong, taken }
  }
  const failure = (await overLimit(steps, at)) ?? (await steps.confirm?.(at))
  const answer = failure
    ? { ok: false as const, ...failure }
    : await doForm(at.key, () => steps.command({ ...at, files: taken?.ids ?? [] }))
  if (answer.ok) return { value: answer.value }
  return afterFailure(form, steps, who, answer as Failure<Code>, taken, now)
}

async function overLimit<F extends Fields, Code extends string, Who, V>(
  { limit }: Steps<F, Code, Who, V>,
  at: At<F, Who>,
): Promise<Failure<Code> | undefined> {
  for (const [one, key, code = 'wait'] of (await limit?.(at)) ?? []) {
    const seconds = await countTry(one, key)
    if (seconds > 0) return { code: code as Code | 'wait', seconds, most: one.points }
  }
  return undefined
}

function wrongOf<Code extends string>(
  form: Form<Fields, Code>,
  { code, seconds = 0, most = 0, until }: Failure<Code>,
): Wrong {
  const field = code === 'wait' ? 'form' : form.failures[code]
  const values = {
    ...{ seconds, minutes: Math.ceil(seconds / 60), hours: Math.ceil(seconds / 3600), most },
    ...(until && { until: until.toISOString() }),
  }
  return { error: code, values, field: field === 'form' ? undefined : field }
}

/** With the files that were taken, so that one that is missing is said together with the rest. */
function wrongWith<F extends Fields>(
  form: Form,
  readWith: (ids: string[]) => ReturnType<typeof readFields<F, string>>,
  taken: TakenFiles,
): Wrong[] {
  const read = readWith(taken.ids)
  return [...(read.ok ? [] : read.wrong), ...wrongFiles(form, taken)]
}

function wrongFiles(form: Form, { refused, seconds }: TakenFiles): Wrong[] {
  const field = Object.keys(form.fields).find(name => form.fields[name]!.kind === 'files')
  const wrong: Wrong[] = refused.map(one => ({ ...one, field }))
  return seconds > 0 ? [wrongOf(form, { code: 'wait', seconds }), ...wrong] : wrong
}

/** The form, with what is wrong in the reader's language and what was typed but secrets. */
async function formAgain(form: Form, sent: Sent, { wrong, taken, stale }: Again): Promise<FormState> {
  return {
    errors: await formErrors(form, wrong),
    values: keptValues(form.fields, sent),
    files: taken?.files,
    stale,
    round: Date.now(),
  }
}
