// A browser without scripts: keeps cookies, follows what it is led to, fills in forms and sends them.
import { decodeHtml } from './html.ts'

export type SentValues = Record<string, string | string[] | File[] | undefined>

/** A form of a page as a browser would send it. */
export type PageForm = {
  action: string
  /** Of every field that it would send as it stands; of boxes those that are checked. */
  fields: [string, string][]
  /** Names of everything that can be typed or chosen. */
  names: string[]
  buttons: { name?: string; value?: string }[]
}

export type Page = { status: number; url: string; html: string; forms: PageForm[] }

export class Visitor {
  readonly cookies = new Map<string, string>()
  readonly origin: string
  readonly language: string

  /** `origin`: the portal's, or a relay's before it. */
  constructor(origin: string, language = 'en') {
    this.origin = origin
    this.language = language
  }

  /** One request, without following anything. */
  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('accept', 'text/html')
    headers.set('accept-language', this.language)
    if (this.cookies.size > 0) headers.set('cookie', [...this.cookies].map(pair => pair.join('=')).join('; '))
    const answer = await fetch(new URL(path, this.origin), { ...init, headers, redirect: 'manual' })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!
      if (value === '' || /max-age=0/i.test(cookie)) this.cookies.delete(name!)
      else this.cookies.set(name!, value!)
    }
    return answer
  }

  /** As a browser: what leads elsewhere is followed, 307 with the form once more. */
  async open(path: string, init: RequestInit = {}): Promise<Page> {
    let answer = await this.ask(path, init)
    let url = path
    for (let hops = 0; answer.status >= 300 && answer.status < 400 && hops < 10; hops++) {
      url = new URL(answer.headers.get('location')!, new URL(url, this.origin)).href
      if (!url.startsWith(this.origin)) break
      url = url.slice(this.origin.length)
      await answer.body?.cancel()
      answer = await this.ask(url, answer.status === 307 ? init : {})
    }
    const html = await answer.text()
    return { status: answer.status, url, html, forms: formsOf(html) }
  }

  send(page: Page, form: PageForm, values: SentValues = {}, button = form.buttons[0]): Promise<Page> {
    return this.open(
      new URL(form.action || page.url, new URL(page.url, this.origin)).href.slice(this.origin.length),
      {
        method: 'POST',
        body: bodyOf(form, values, button),
      },
    )
  }
}

/** What the form would send with these values instead of its own; undefined leaves a field as it stands. */
export function bodyOf(form: PageForm, values: SentValues, button = form.buttons[0]): FormData {
  const body = new FormData()
  for (const [name, value] of form.fields) if (values[name] === undefined) body.append(name, value)
  for (const [name, value] of Object.entries(values)) {
    for (const one of value === undefined ? [] : [value].flat()) body.append(name, one)
  }
  if (button?.name) body.append(button.name, button.value ?? '')
  return body
}

const attributes = (tag: string): Record<string, string> =>
  Object.fromEntries(
    [...tag.matchAll(/([\w-]+)(?:="([^"]*)")?/g)]
      .slice(1)
      .map(([, name, value]) => [name!.toLowerCase(), decodeHtml(value ?? '')]),
  )

/** The forms of a page that have fields or buttons of their own. */
export function formsOf(html: string): PageForm[] {
  return [...html.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/g)].map(([text]) => {
    const { action = '' } = attributes(/^<form[^>]*>/.exec(text)![0])
    const fields: [string, string][] = []
    const names = new Set<string>()
    const buttons: PageForm['buttons'] = []
    for (const [tag, kind] of text.matchAll(/<(input|button)\b[^>]*>/g)) {
      const { name, type = kind === 'button' ? 'submit' : 'text', value = '', checked } = attributes(tag)
      if (type === 'submit') buttons.push(name ? { name, value } : {})
      if (!name || type === 'submit' || type === 'button') continue
      if (type !== 'hidden') names.add(name)
      if (type === 'file') continue
      if (type === 'checkbox' || type === 'radio') {
        if (checked !== undefined) fields.push([name, value || 'on'])
      } else fields.push([name, value])
    }
    for (const [, tag, content] of text.matchAll(/(<textarea\b[^>]*>)([\s\S]*?)<\/textarea>/g)) {
      const { name } = attributes(tag!)
      names.add(name!)
      fields.push([name!, decodeHtml(content!)])
    }
    for (const [, tag, content] of text.matchAll(/(<select\b[^>]*>)([\s\S]*?)<\/select>/g)) {
      const { name } = attributes(tag!)
      const options = [...content!.matchAll(/<option\b[^>]*>/g)].map(([option]) => attributes(option))
      names.add(name!)
      fields.push([
        name!,
        (options.find(({ selected }) => selected !== undefined) ?? options[0])?.value ?? '',
      ])
    }
    return { action, fields, names: [...names], buttons }
  })
}
