// The forms that this browser still has to send: kept when they could not be done, found by the page that shows them anew.
import { cache } from 'react'
import { currentCustomer } from '../auth/guards.ts'
import { draftCookie } from '../auth/sealed-cookie.ts'
import { type Draft, findDrafts, forgetDrafts, keepDraft, type Typed, typedInto } from '../forms/drafts.ts'
import type { Form } from '../forms/form.ts'
import type { ShownFor } from '../forms/shown.ts'
import { OTHERS_FIELD } from '../forms/state.ts'
import { limits } from '../platform/limits.ts'
import { pathOfThisSite } from '../platform/paths.ts'
import { countTry } from '../platform/rate-limits.ts'
import { pagePath, requestDevice } from './device.ts'

/** As many as one browser keeps: of several tabs whose sessions ended at once. */
const MOST_DRAFTS = 5
/** In the address of the page that shows a draft. */
const MARK = 'draft'

/** The form that a route handler was sent; an empty one where it is none. */
export const sentForm = (request: Request): Promise<FormData> =>
  request.formData().catch(() => new FormData())

/**
 * Keeps what was typed into a form of ours, and into others of its page; of too many nothing is kept. Its answer is the address
 * `to`, a path of this site, with which the page shows it. `as`: in another form, as far as its fields have the same names.
 */
export async function leaveDraft(
  sent: FormData,
  to: string,
  { unsent, as }: { unsent: boolean; as?: Form },
): Promise<string> {
  const page = pathOfThisSite(to)
  const all = [sent, ...othersOf(sent)].map(typedInto).filter(one => one !== undefined)
  const typed = as ? all.slice(0, 1).map(one => typedAs(as, one)) : all
  if (typed.length === 0) return page
  const { address } = await requestDevice()
  if ((await countTry(limits.drafts(), { address })) > 0) return page
  const id = await keepDraft(typed, unsent)
  await draftCookie.remember([id, ...(await draftIds())].slice(0, MOST_DRAFTS).join(' '))
  const url = urlOf(page)
  url.searchParams.set(MARK, id)
  return `${url.pathname}${url.search}`
}

/** What of it another form asks for, too. */
function typedAs({ name, fields }: Form, { account, values }: Typed): Typed {
  const shared = Object.entries(values).filter(([field]) => field in fields)
  return { name, account, for: {}, values: Object.fromEntries(shared), left: [], refused: false }
}

const urlOf = (path: string) => new URL(path, 'http://this.invalid')

/** The other forms of its page, that a script sends along with it. */
const othersOf = (sent: FormData): FormData[] =>
  sent.getAll(OTHERS_FIELD).map(words => {
    const form = new FormData()
    for (const [name, value] of new URLSearchParams(String(words))) form.append(name, value)
    return form
  })

const draftIds = async (): Promise<string[]> => (await draftCookie.read())?.split(' ') ?? []

/** Looked up once a request. */
const ownDrafts = cache(async (): Promise<Draft[]> => {
  const ids = await draftIds()
  return ids.length > 0 ? findDrafts(ids) : []
})

/** `isHere`: left for this very page. `waits`: for its account, half an hour, wherever the form is shown. */
type OwnDraft = Typed & Pick<Draft, 'id' | 'unsent'> & { isHere: boolean; waits: boolean }

/**
 * The drafts of this form, shown for the same thing to the same account, that this page may show: that of its address first,
 * then those that wait.
 */
export async function findOwnDrafts(form: Form, shownFor: ShownFor): Promise<OwnDraft[]> {
  const mark = urlOf(await pagePath()).searchParams.get(MARK)
  const account = (await currentCustomer())?.id
  const own = (await ownDrafts()).flatMap(({ id, unsent, forms }) =>
    forms
      .filter(one => one.name === form.name && sameFor(one.for, shownFor))
      .filter(one => one.account === null || one.account === account)
      .map(one => ({ ...one, id, unsent, isHere: id === mark, waits: unsent && one.account !== null })),
  )
  return [...own.filter(({ isHere }) => isHere), ...own.filter(({ isHere, waits }) => !isHere && waits)]
}

/** How much a page had `seen` of it makes it no other thing. */
const sameFor = (a: ShownFor, b: ShownFor): boolean =>
  Object.keys({ ...a, ...b }).every(name => name === 'seen' || a[name] === b[name])

/** After the form was done; another one's draft stays, as where somebody had to sign in first. */
export async function forgetOwnDrafts(form: Form, shownFor: ShownFor): Promise<void> {
  const own = await findOwnDrafts(form, shownFor)
  if (own.length > 0) await forgetDrafts(own.map(({ id }) => id))
}
