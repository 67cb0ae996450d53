// A customer with a browser that has no scripts, over HTTP alone: cookies, forms, redirects.

export type Page = {
  status: number
  /** Where the last redirect led. */
  path: string
  html: string
  headers: Headers
}

/** What a form sends, by name; `undefined` leaves out what the page has there. */
type Typed = Record<string, string | string[] | undefined>

const MOST_REDIRECTS = 8
const PATIENCE_MS = 60_000

export class Customer {
  readonly url: string
  #cookies = new Map<string, string>([['lang', 'en']])
  #headers: Record<string, string>

  /** `url`: the portal's, without a slash at the end. */
  constructor(url: string, headers: Record<string, string> = {}) {
    this.url = url
    this.#headers = headers
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  get(path: string): Promise<Page> {
    return this.#send(path, { method: 'GET' })
  }

  /**
   * Sends the form of `page` that has a field or a button of that name, with what is typed and what the page has in it. Without
   * `follow` the customer closes the browser before a redirect.
   */
  submit(page: Page, field: string, typed: Typed, { follow = true } = {}): Promise<Page> {
    const form = findForm(page, field)
    const fields = new Map(Object.entries(form.fields))
    for (const [name, value] of Object.entries(typed)) {
      if (value === undefined) fields.delete(name)
      else fields.set(name, [value].flat())
    }
    const body = form.multipart ? new FormData() : new URLSearchParams()
    for (const [name, values] of fields) for (const value of values) body.append(name, value)
    return this.#send(form.action, { method: 'POST', body }, follow)
  }

  async signIn(identifier: string, password: string): Promise<void> {
    const answer = await this.submit(await this.get('/sign-in'), 'identifier', { identifier, password })
    if (answer.path !== '/contracts' || answer.status !== 200)
      throw new Error(`Signing in ended at ${answer.path} with ${answer.status}.`)
  }

  /** Follows redirects of this portal as browsers do. */
  async #send(path: string, init: RequestInit, follow = true): Promise<Page> {
    for (let redirects = 0; redirects < MOST_REDIRECTS; redirects++) {
      const origin: Record<string, string> = init.method === 'POST' ? { origin: this.url } : {}
      const answer = await fetch(new URL(path, this.url), {
        ...init,
        headers: { accept: 'text/html', cookie: this.cookie, ...origin, ...this.#headers },
        redirect: 'manual',
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      this.#keepCookies(answer.headers)
      const html = await answer.text()
      const location = answer.headers.get('location')
      if (answer.status < 300 || answer.status > 399 || !location || !follow)
        return { status: answer.status, path, html, headers: answer.headers }
      const next = new URL(location, new URL(path, this.url))
      path = next.pathname + next.search
      init = { method: 'GET' }
    }
    throw new Error(`Redirected without an end, last to ${path}.`)
  }

  #keepCookies(headers: Headers): void {
    for (const cookie of headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(cookie)) this.#cookies.delete(name!)
      else this.#cookies.set(name!, value!)
    }
  }
}

type Form = { action: string; multipart: boolean; fields: Record<string, string[]> }

/** Whether the page has such a form. */
export const hasForm = ({ html }: Page, field: string): boolean =>
  formsOf(html).some(form => form.includes(`name="${field}"`))

const formsOf = (html: string) => [...html.matchAll(/<form\b[\s\S]*?<\/form>/g)].map(([text]) => text)

function findForm({ html, path, status }: Page, field: string): Form {
  const form = formsOf(html).find(text => text.includes(`name="${field}"`))
  if (!form) throw new Error(`${path} (${status}) has no form with "${field}".`)
  const fields: Record<string, string[]> = {}
  for (const [tag] of form.matchAll(/<input\b[^>]*>/g)) {
    const { name, value = '', type = 'text', checked } = attributesOf(tag)
    if (!name || ['submit', 'file'].includes(type)) continue
    if (['checkbox', 'radio'].includes(type) && checked === undefined) continue
    fields[name] = [...(fields[name] ?? []), value]
  }
  const { action, enctype } = attributesOf(/<form\b[^>]*>/.exec(form)![0])
  return { action: action || path, multipart: enctype === 'multipart/form-data', fields }
}

const attributesOf = (tag: string): Record<string, string | undefined> =>
  Object.fromEntries(
    [...tag.matchAll(/\s([\w-]+)(?:="([^"]*)")?/g)].map(([, name, value]) => [
      name!.toLowerCase(),
      decode(value ?? ''),
    ]),
  )

const decode = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
