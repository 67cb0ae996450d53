// What is asked of every page for everybody to be able to use it: WCAG 2.2 AA, in every theme, enlarged, spaced out.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import type axeCore from 'axe-core'
import type { RunOptions } from 'axe-core'
import { expect, type Page, test } from 'playwright/test'

/** WCAG 2.2 A and AA, and best practice. */
const EVERY_RULE = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice']
/** Not among them as long as axe calls it an experiment: a name holds the words that are seen. */
const RULES = { 'label-content-name-mismatch': { enabled: true } }
/** The rule that takes half of the time of all. */
const COLOURS = 'color-contrast'

type Media = NonNullable<Parameters<Page['emulateMedia']>[0]>
/**
 * With forced colours the browser sees to the contrast, and axe reads colours that are not shown: no theme of ours.
 */
const THEMES = {
  light: { colorScheme: 'light', contrast: 'no-preference', reducedMotion: 'no-preference' },
  dark: { colorScheme: 'dark', contrast: 'no-preference', reducedMotion: 'no-preference' },
  'light contrast': { colorScheme: 'light', contrast: 'more', reducedMotion: 'reduce' },
  'dark contrast': { colorScheme: 'dark', contrast: 'more', reducedMotion: 'reduce' },
} as const satisfies Record<string, Media>
export type Theme = keyof typeof THEMES
const themes = Object.keys(THEMES) as Theme[]

/** A desktop of 1280 px at 400 %. */
const ENLARGED = { width: 320, height: 256 }
const PHONE = { width: 390, height: 740 }

/** Texts by their looks in a theme, as `looks` tells them, whose colours were read and found right. */
const readable = new Set<string>()

/**
 * Everything found wrong with the page, in words: by every rule in the first theme, and in the colours of the others. Nothing but its
 * looks makes a text readable, so colours are read only of texts with looks that none before them had in that theme.
 */
export async function audit(
  page: Page,
  first: Theme,
  others = themes.filter(theme => theme !== first),
): Promise<string[]> {
  await page.emulateMedia(THEMES[first])
  const found = [
    ...(await violations(page, { runOnly: EVERY_RULE, rules: { ...RULES, [COLOURS]: { enabled: false } } })),
    ...(await page.evaluate(structure)),
  ]
  for (const theme of [first, ...others]) {
    await page.emulateMedia(THEMES[theme])
    const texts = (await page.evaluate(looks)).filter(text => !readable.has(`${theme}: ${text}`))
    if (texts.length === 0) continue
    const wrong = await violations(page, { runOnly: [COLOURS] }, texts)
    if (wrong.length === 0) for (const text of texts) readable.add(`${theme}: ${text}`)
    found.push(...wrong.map(what => `${theme}: ${what}`))
  }
  return found
}

/** At 400 %: nothing beside the screen, nothing cut off. */
export async function auditEnlarged(page: Page): Promise<string[]> {
  return withSize(page, ENLARGED, async () => (await page.evaluate(lost)).map(what => `at 400 %: ${what}`))
}

/** On a phone, for thumbs, and with the text spacing of WCAG 1.4.12. */
export async function auditPhone(page: Page): Promise<string[]> {
  return withSize(page, PHONE, async () => {
    const found = (await violations(page, { runOnly: ['target-size'] })).map(what => `on a phone: ${what}`)
    await page.evaluate(spaceOut)
    found.push(...(await page.evaluate(lost)).map(what => `spaced out: ${what}`))
    await page.evaluate(() => {
      document.adoptedStyleSheets = []
    })
    return found
  })
}

async function withSize(
  page: Page,
  size: { width: number; height: number },
  look: () => Promise<string[]>,
): Promise<string[]> {
  const before = page.viewportSize()!
  await page.setViewportSize(size)
  const found = await look()
  await page.setViewportSize(before)
  return found
}

/** What axe finds wrong; with `texts`, in those of such looks alone. */
async function violations(page: Page, rules: RunOptions, texts?: string[]): Promise<string[]> {
  // What is right is not even put into words: most of the time would go into that.
  const options: RunOptions = { ...rules, resultTypes: ['violations'] }
  const run = () => page.evaluate(runAxe, { options, texts })
  return (await run()) ?? (await bringAxe(page).then(run))!
}

const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** To this document, and to those that come after it: the browser reads half a megabyte again for each that is told by itself. */
async function bringAxe(page: Page): Promise<void> {
  await page.evaluate(axeSource)
  await page.addInitScript(axeSource)
}

type Run = { options: RunOptions; texts: string[] | undefined }

/** Run in the page; undefined where axe is not in it yet. */
async function runAxe({ options, texts }: Run): Promise<string[] | undefined> {
  if (!('axe' in window)) return undefined
  const { axe, textsByLooks } = window as unknown as { axe: typeof axeCore; textsByLooks: TextsByLooks }
  const context = texts ? { include: texts.flatMap(text => textsByLooks.get(text)!) } : document
  const { violations } = await axe.run(context, options)
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(', ')}`)
}

/** Run in the page: one heading of the first level, none skipped after it, main buttons large enough for thumbs, names that hold
 * what is seen. */
function structure(): string[] {
  const found: string[] = []
  if (matchMedia('(prefers-reduced-motion)').matches && document.getAnimations().length > 0) {
    found.push('something moves where motion is unwanted')
  }
  const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map(heading => Number(heading.tagName[1]))
  if (levels.filter(level => level === 1).length !== 1) found.push('not exactly one h1')
  if (levels.some((level, index) => index > 0 && level > levels[index - 1]! + 1)) {
    found.push(`headings skip a level: ${levels}`)
  }
  for (const element of document.querySelectorAll(
    'main button:not([aria-hidden]), main select, main .min-h-11',
  )) {
    const { height, width } = element.getBoundingClientRect()
    if (width > 0 && height < 43.9) found.push(`only ${height} px high: ${element.outerHTML.slice(0, 120)}`)
  }
  // WCAG 2.5.3: whoever speaks to the page says what they see.
  const words = (text: string | null) => (text ?? '').toLowerCase().replace(/\s+/g, ' ').trim()
  for (const element of document.querySelectorAll('a[aria-label], button[aria-label]')) {
    const name = words(element.getAttribute('aria-label'))
    if (!name.includes(words(element.textContent))) found.push(`“${element.textContent}” is named “${name}”`)
  }
  // The languages take along the first form that something is typed into, which they find by its id; one that is got has an address.
  const forms = [...document.querySelectorAll('form[data-scripted]:not([method=get])')].filter(form =>
    form.querySelector('input:not([type=hidden]), select, textarea'),
  )
  for (const [index, { id }] of forms.entries()) {
    if ((id === 'form') !== (index === 0)) found.push(`form ${index + 1} of the page has the id “${id}”`)
  }
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
  found.push(...ids.filter((id, index) => ids.indexOf(id) < index).map(id => `several have the id “${id}”`))
  return found
}

type TextsByLooks = Map<string, Element[]>

/** Run in the page: of each text that is seen its colour and size, and all that shows behind it; `runAxe` finds the texts by them. */
function looks(): string[] {
  const layers = new Map<Element, string>()
  // What is seen, and what axe reads: neither hidden nor switched off.
  const isSeen = (element: Element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !element.closest('.sr-only, :disabled, [aria-disabled=true]')
  let liesOver = ''
  const behind = (element: Element | null): string => {
    if (!element) return ''
    const known = layers.get(element)
    if (known !== undefined) return known
    const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element)
    const own = [backgroundColor, backgroundImage, opacity].join(' ')
    const parents = behind(element.parentElement)
    const all = own === 'rgba(0, 0, 0, 0) none 1' ? parents : `${own}, ${parents}`
    layers.set(element, all)
    return all
  }
  const textsByLooks: TextsByLooks = new Map()
  for (const element of document.querySelectorAll('body *')) {
    const { color, fontSize, fontWeight, textShadow, position, clipPath } = getComputedStyle(element)
    // Beside what leaves its place, nothing is told by what it stands in: looks that are met once.
    if (
      /absolute|fixed|sticky/.test(position) &&
      clipPath === 'none' &&
      element.clientHeight > 0 &&
      isSeen(element)
    ) {
      liesOver = ` ${crypto.randomUUID()}`
    }
    const says = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent?.trim())
    if ((!says && !element.matches('input, select, textarea')) || !isSeen(element)) continue
    const text = [color, fontSize, fontWeight, textShadow, behind(element)].join(' ')
    if (!textsByLooks.get(text)?.push(element)) textsByLooks.set(text, [element])
  }
  const found = new Map([...textsByLooks].map(([text, elements]) => [text + liesOver, elements]))
  Object.assign(window, { textsByLooks: found })
  return [...found.keys()]
}

/** Run in the page: what lies beside the screen, and text that its box cuts off. */
function lost(): string[] {
  const { scrollWidth } = document.documentElement
  const found = scrollWidth > window.innerWidth ? [`${scrollWidth} px wide`] : []
  for (const element of document.querySelectorAll('body *')) {
    const { overflowX, overflowY, clipPath } = getComputedStyle(element)
    if ([overflowX, overflowY].every(value => value === 'visible') || clipPath !== 'none') continue
    if (/^(INPUT|SELECT|TEXTAREA|svg)$/.test(element.tagName)) continue
    if (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1) {
      found.push(`cut off: ${element.outerHTML.slice(0, 120)}`)
    }
  }
  return found
}

/** Run in the page: text as WCAG 1.4.12 lets readers set it. */
function spaceOut(): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(
    '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }',
  )
  document.adoptedStyleSheets = [sheet]
}

/**
 * Expects that axe finds nothing wrong with the page as it is. Without JavaScript it is the document that the same journey has
 * with it, in another window: looked at again under DEEP.
 */
export async function axe(page: Page): Promise<void> {
  if (test.info().project.use.javaScriptEnabled === false && !process.env.DEEP) return
  const { page: checked, close } = await withJavaScript(page)
  const found = await violations(checked, { runOnly: EVERY_RULE, rules: RULES })
  await close()
  expect(found, `axe on ${page.url()}`).toEqual([])
}

/** axe needs JavaScript: where the test has none, it sees the same document, without its scripts, in a browser that has. */
async function withJavaScript(page: Page): Promise<{ page: Page; close: () => Promise<void> }> {
  const { javaScriptEnabled, viewport } = test.info().project.use
  if (javaScriptEnabled !== false) return { page, close: async () => {} }
  const body = (await page.content()).replace(/<script\b[\s\S]*?<\/script>/g, '')
  const context = await page.context().browser()!.newContext({ viewport, javaScriptEnabled: true })
  const copy = await context.newPage()
  await copy.route(page.url(), route => route.fulfill({ body, contentType: 'text/html; charset=utf-8' }))
  await copy.goto(page.url())
  return { page: copy, close: () => context.close() }
}
