// Checks the texts: three languages alike, every key used and present, and no text outside them.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser'
import { type Locale, languageTag, locales } from '../../lib/i18n/locale.ts'
import { type KeyUse, readSources } from './message-uses.ts'

const root = path.resolve(import.meta.dirname, '../..')
/** CLDR's plural forms of whole numbers. */
const pluralsOf = (language: Locale): string[] =>
  new Intl.PluralRules(languageTag[language]).resolvedOptions().pluralCategories

/** Names, units and words that two of the languages really share. */
const SAME_ALLOWED = new Set(
  fs
    .readFileSync(path.join(root, 'messages/same-in-two-languages.txt'), 'utf8')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line && !line.startsWith('#')),
)

/** Links inside a text, to labels of pages that it names. */
const INNER_LINK = /@:([\w-]+(?:\.[\w-]+)+)/g
/** What stands in quotation marks of any of the languages. */
const QUOTED = /[“„«]([^“”„«»]+)[”“»]/g
/** Names of cookies and of what a browser calls them. */
const QUOTES_NO_PAGE = new Set(['legal.json', 'failures.json'])

const problems: string[] = []
/** Each namespace's file, the same in every language. */
const fileOf = new Map<string, string>()
const texts = Object.fromEntries(locales.map(language => [language, readTexts(language)])) as Record<
  Locale,
  Map<string, string>
>

const keys = new Set(locales.flatMap(language => [...texts[language].keys()]))
for (const key of [...keys].sort()) checkKey(key)
checkRepetitions()
checkUses()

for (const problem of problems) console.error(problem)
for (const note of listLoneChanges()) console.log(note)
console.log(`${keys.size} texts in ${locales.length} languages, ${problems.length} problems`)
process.exit(problems.length > 0 ? 1 : 0)

/** A language's texts by key; reports a namespace that two files have, or that is in another file than in the first language. */
function readTexts(language: Locale): Map<string, string> {
  const folder = path.join(root, 'messages', language)
  const found = new Map<string, string>()
  for (const file of fs.readdirSync(folder)) {
    const tree: Record<string, unknown> = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'))
    for (const namespace of Object.keys(tree)) {
      const other = fileOf.get(namespace)
      if (other === undefined) fileOf.set(namespace, file)
      else if (other !== file) problems.push(`messages/${language}/${file}: ${namespace} is in ${other} too`)
    }
    for (const [key, text] of flatten(tree)) found.set(key, text)
  }
  return found
}

function flatten(tree: unknown, prefix = ''): Map<string, string> {
  if (typeof tree === 'string') return new Map([[prefix, tree]])
  return new Map(
    Object.entries(tree as Record<string, unknown>).flatMap(([name, value]) => [
      ...flatten(value, prefix ? `${prefix}.${name}` : name),
    ]),
  )
}

function placeOf(language: Locale, key: string): string {
  return `messages/${language}/${fileOf.get(key.split('.')[0]!)}: ${key}`
}

function isFailure(key: string): boolean {
  return fileOf.get(key.split('.')[0]!) === 'failures.json'
}

/** The key that a text stands for, which is `@:` and that key (lib/i18n/catalogue.ts). */
function linkOf(text: string): string | undefined {
  return text.startsWith('@:') ? text.slice(2) : undefined
}

function isOfNoPage(quoted: string): boolean {
  return quoted === 'cookie' || /^\{\w+\}$/.test(quoted)
}

/** A label that a text names is that label itself, so that the two cannot differ. */
function checkQuotes(language: Locale, key: string, text: string): void {
  for (const [, target] of text.matchAll(INNER_LINK)) {
    const label = texts[language].get(target!)
    if (label === undefined || /@:|[{<]/.test(label)) {
      problems.push(`${placeOf(language, key)} links to ${target}, which is no plain text`)
    }
  }
  if (QUOTES_NO_PAGE.has(fileOf.get(key.split('.')[0]!)!)) return
  for (const [, quoted] of text.matchAll(QUOTED)) {
    if (!/^@:[\w.-]+$/.test(quoted!) && !isOfNoPage(quoted!)) {
      problems.push(`${placeOf(language, key)} quotes “${quoted}”: link to the page’s own text, as @:key`)
    }
  }
}

function checkKey(key: string): void {
  const shapes = new Map<Locale, string>()
  for (const language of locales) {
    const text = texts[language].get(key)
    if (text === undefined) {
      problems.push(`${placeOf(language, key)} is missing`)
    } else if (text.trim() === '') {
      problems.push(`${placeOf(language, key)} is empty`)
    } else if (linkOf(text)) {
      const target = texts[language].get(linkOf(text)!)
      if (target === undefined || linkOf(target)) problems.push(`${placeOf(language, key)} links to no text`)
      if (locales.some(other => texts[other].get(key) !== text)) {
        problems.push(`messages: ${key} is no link, or another one, in some language`)
      }
    } else {
      checkQuotes(language, key, text)
      try {
        const facts = shapeOf(parse(text), language, key)
        for (const [, target] of text.matchAll(INNER_LINK)) facts.add(`@:${target}`)
        shapes.set(language, [...facts].sort().join(', '))
      } catch (error) {
        problems.push(`${placeOf(language, key)} is no ICU message (${(error as Error).message})`)
      }
    }
  }
  if (new Set(shapes.values()).size > 1) {
    const list = [...shapes].map(([language, shape]) => `${language}: ${shape || 'none'}`).join('; ')
    problems.push(`messages: ${key} takes other arguments from language to language (${list})`)
  }
  const pairs = locales.flatMap((one, i) => locales.slice(i + 1).map(other => [one, other] as const))
  for (const [one, other] of pairs) {
    const text = texts[one].get(key)
    const hasWords = text !== undefined && /\p{L}/u.test(text.replace(/\{[^{}]*\}|<\/?\w+>/g, ''))
    if (hasWords && !linkOf(text) && text === texts[other].get(key) && !SAME_ALLOWED.has(text)) {
      problems.push(`messages: ${key} is the same in ${one} and ${other}: "${text}"`)
    }
  }
}

/** What is said in several places is written once, and the others link to it; those of failures.json cannot. */
function checkRepetitions(): void {
  const first = new Map<string, string>()
  for (const key of [...keys].sort((a, b) => Number(isFailure(b)) - Number(isFailure(a)))) {
    const said = JSON.stringify(locales.map(language => texts[language].get(key)))
    const other = first.get(said)
    if (other === undefined) first.set(said, key)
    else if (!isFailure(key) && !linkOf(texts.sq.get(key) ?? '')) {
      problems.push(`messages: ${key} repeats ${other}: write @:${other}`)
    }
  }
}

/** What a message takes: `name:kind` and tags. Reports plurals that lack a form. */
function shapeOf(elements: MessageFormatElement[], language: Locale, key: string): Set<string> {
  const facts = new Set<string>()
  for (const element of elements) {
    const nested: MessageFormatElement[][] = []
    if (element.type === TYPE.argument) facts.add(element.value)
    else if (element.type === TYPE.number || element.type === TYPE.date || element.type === TYPE.time) {
      facts.add(`${element.value}:${TYPE[element.type]}`)
    } else if (element.type === TYPE.tag) {
      facts.add(`<${element.value}>`)
      nested.push(element.children)
    } else if (element.type === TYPE.select) {
      // No fact: one language has two words where another has one.
      nested.push(...Object.values(element.options).map(option => option.value))
    } else if (element.type === TYPE.plural) {
      facts.add(`${element.value}:plural`)
      const given = Object.keys(element.options)
      for (const form of pluralsOf(language)) {
        if (!given.includes(form)) problems.push(`${placeOf(language, key)} lacks the plural form ${form}`)
      }
      for (const form of given) {
        if (!form.startsWith('=') && !pluralsOf(language).includes(form)) {
          problems.push(`${placeOf(language, key)} has a plural form that the language lacks: ${form}`)
        }
      }
      nested.push(...Object.values(element.options).map(option => option.value))
    }
    for (const part of nested) for (const fact of shapeOf(part, language, key)) facts.add(fact)
  }
  return facts
}

/** Texts that were changed in one language alone since the last commit: rightly, or the others were forgotten. */
function listLoneChanges(): string[] {
  const git = (...given: string[]) => spawnSync('git', given, { cwd: root, encoding: 'utf8' }).stdout ?? ''
  const changed = new Map<string, Locale[]>()
  for (const file of git('diff', '--name-only', '--diff-filter=M', 'HEAD', '--', 'messages/*.json').split(
    '\n',
  )) {
    const language = locales.find(one => file.startsWith(`messages/${one}/`))
    if (!language) continue
    for (const [key, text] of flatten(JSON.parse(git('show', `HEAD:${file}`)))) {
      if ((texts[language].get(key) ?? text) !== text)
        changed.set(key, [...(changed.get(key) ?? []), language])
    }
  }
  return [...changed].flatMap(([key, [only, ...others]]) =>
    others.length === 0 ? [`note: ${placeOf(only!, key)} was changed in this language alone`] : [],
  )
}

/** Compares the keys with their uses in the code, both ways. */
function checkUses(): void {
  const { uses, literals } = readSources(root)
  for (const literal of literals) problems.push(`${literal.place}: text outside messages/: "${literal.text}"`)
  const used = new Set<string>()
  for (const use of uses) {
    const found = [...keys].filter(key => matches(use, key))
    if (found.length === 0 && use.namespaces.length > 0)
      problems.push(`${use.place}: no text for ${use.namespaces.join(' or ')}.${use.key}`)
    for (const key of found) used.add(key)
  }
  for (const key of used) {
    for (const [, target] of (texts.sq.get(key) ?? '').matchAll(INNER_LINK)) used.add(target!)
  }
  for (const key of keys) {
    // Pages of errors read their file whole (failureTexts).
    if (!used.has(key) && !isFailure(key)) {
      problems.push(`messages: ${key} is unused`)
    }
  }
}

/**
 * A use names a key or a whole subtree, of a namespace that may lie within another; where none is known, a key that it writes
 * out may be of any.
 */
function matches({ namespaces, pattern, key: written }: KeyUse, key: string): boolean {
  for (let dot = key.indexOf('.'); dot !== -1; dot = key.indexOf('.', dot + 1)) {
    const isOfIt = namespaces.length === 0 ? !written.startsWith('…') : namespaces.includes(key.slice(0, dot))
    if (isOfIt && pattern.test(key.slice(dot + 1))) return true
  }
  return false
}
