// A customer with a browser that has no scripts, over HTTP alone: cookies, forms, redirects.

export type Page = {
  status: number
  /** Where the last redirect led. */
  path: string
  html: string
  headers: Headers
}

/** What a form sends, by name; `undefined` leaves out what the page has there. */
export type Typed = Record<string, string | string[] | File[] | undefined>

/** Told of each request: how it was answered; without a status it was not. */
export type Told = (asked: { method: string; status?: number; at: number; ms: number }) => void

const MOST_REDIRECTS = 8
const PATIENCE_MS = 60_000

export class Customer {
  readonly url: string
  /** Another's may be put into their place. */
  cookies = new Map<string, string>([['lang', 'en']])
  #headers: Record<string, string>
  #told: Told

  /** `url`: the portal's, without a slash at the end. */
  constructor(url: string, headers: Record<string, string> = {}, told: Told = () => {}) {
    this.url = url
    this.#headers = headers
    this.#told = told
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  get(path: string): Promise<Page> {
    return this.#send(path, { method: 'GET' })
  }

  /**
   * Sends the form of `page` that has a field or a button of that name, with what is typed and what the page has in it. Without
   * `follow` the customer closes the browser before a redirect.
   */
  submit(page: Page, field: string, typed: Typed, { follow = true } = {}): Promise<Page> {
    return this.send(formOf(page, field), typed, { follow })
  }

  send(form: Form, typed: Typed, { follow = true, to = form.action } = {}): Promise<Page> {
    const fields = new Map<string, (string | File)[]>(Object.entries(form.fields))
    for (const [name, value] of Object.entries(typed)) {
      if (value === undefined) fields.delete(name)
      else fields.set(name, [value].flat())
    }
    const body = new FormData()
    for (const [name, values] of fields) for (const value of values) body.append(name, value)
    // Without files a form of its own encoding has words alone.
    const words = () => new URLSearchParams([...body].map(([name, value]) => [name, String(value)]))
    return this.#send(to, { method: 'POST', body: form.multipart ? body : words() }, follow)
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
      const { answer, html } = await this.#ask(path, {
        ...init,
        headers: { accept: 'text/html', cookie: this.cookie, ...origin, ...this.#headers },
        redirect: 'manual',
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      const location = answer.headers.get('location')
      if (answer.status < 300 || answer.status > 399 || !location || !follow)
        return { status: answer.status, path, html, headers: answer.headers }
      const next = new URL(location, new URL(path, this.url))
      path = next.pathname + next.search
      if (answer.status !== 307) init = { method: 'GET' }
    }
    throw new Error(`Redirected without an end, last to ${path}.`)
  }

  async #ask(path: string, init: RequestInit): Promise<{ answer: Response; html: string }> {
    const at = Date.now()
    let status: number | undefined
    try {
      const answer = await fetch(new URL(path, this.url), init)
      const html = await answer.text()
      status = answer.status
      this.#keepCookies(answer.headers)
      return { answer, html }
    } finally {
      this.#told({ method: init.method!, status, at, ms: Date.now() - at })
    }
  }

  #keepCookies(headers: Headers): void {
    for (const cookie of headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(cookie)) this.cookies.delete(name!)
      else this.cookies.set(name!, value!)
    }
  }
}

export type Form = {
  action: string
  multipart: boolean
  /** What it would send as it stands, but for buttons. */
  fields: Record<string, string[]>
  /** Names of what can be typed, chosen or checked. */
  names: string[]
}

/** Whether the page has such a form. */
export const hasForm = ({ html }: Page, field: string): boolean =>
  formsOf(html).some(form => form.includes(`name="${field}"`))

const formsOf = (html: string) => [...html.matchAll(/<form\b[\s\S]*?<\/form>/g)].map(([text]) => text)

/** The page's form that has a field or a button of that name. */
export function formOf({ html, path, status }: Page, field: string): Form {
  const form = formsOf(html).find(text => text.includes(`name="${field}"`))
  if (!form) throw new Error(`${path} (${status}) has no form with "${field}".`)
  const fields: Record<string, string[]> = {}
  const names = new Set<string>()
  const add = (name: string, value: string) => {
    fields[name] = [...(fields[name] ?? []), value]
  }
  for (const [tag] of form.matchAll(/<input\b[^>]*>/g)) {
    const { name, value = '', type = 'text', checked } = attributesOf(tag)
    if (!name || type === 'submit') continue
    if (type !== 'hidden') names.add(name)
    const isBox = ['checkbox', 'radio'].includes(type)
    if (type !== 'file' && (!isBox || checked !== undefined)) add(name, value || (isBox ? 'on' : ''))
  }
  for (const [, tag, text] of form.matchAll(/(<textarea\b[^>]*>)([\s\S]*?)<\/textarea>/g)) {
    const { name } = attributesOf(tag!)
    names.add(name!)
    add(name!, decode(text!))
  }
  for (const [, tag, text] of form.matchAll(/(<select\b[^>]*>)([\s\S]*?)<\/select>/g)) {
    const { name } = attributesOf(tag!)
    const options = [...text!.matchAll(/<option\b[^>]*>/g)].map(([option]) => attributesOf(option))
    names.add(name!)
    add(name!, (options.find(({ selected }) => selected !== undefined) ?? options[0])?.value ?? '')
  }
  const { action, enctype } = attributesOf(/<form\b[^>]*>/.exec(form)![0])
  return { action: action || path, multipart: enctype === 'multipart/form-data', fields, names: [...names] }
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
