// Every text of a language. An area has a file in each messages/<locale>/, and in it its namespaces, whose names are its own.
import fs from 'node:fs'
import path from 'node:path'
import type accounts from '../../messages/en/accounts.json'
import type auth from '../../messages/en/auth.json'
import type billing from '../../messages/en/billing.json'
import type cases from '../../messages/en/cases.json'
import type contracts from '../../messages/en/contracts.json'
import type errors from '../../messages/en/errors.json'
import type failures from '../../messages/en/failures.json'
import type files from '../../messages/en/files.json'
import type forms from '../../messages/en/forms.json'
import type help from '../../messages/en/help.json'
import type legal from '../../messages/en/legal.json'
import type notifications from '../../messages/en/notifications.json'
import type ownData from '../../messages/en/own-data.json'
import type payments from '../../messages/en/payments.json'
import type sandboxBank from '../../messages/en/sandbox-bank.json'
import type shell from '../../messages/en/shell.json'
import type words from '../../messages/en/words.json'
import type { Locale } from './locale.ts'

export type Catalogue = typeof accounts &
  typeof auth &
  typeof billing &
  typeof cases &
  typeof contracts &
  typeof errors &
  typeof failures &
  typeof files &
  typeof forms &
  typeof help &
  typeof legal &
  typeof notifications &
  typeof ownData &
  typeof payments &
  typeof sandboxBank &
  typeof shell &
  typeof words

type Tree = { [name: string]: Tree | string }

const read = new Map<Locale, Catalogue>()

const folderOf = (locale: Locale): string => path.join(process.cwd(), 'messages', locale)

/** Not imported: each language would be named once more, and each bundle would carry its own copy. */
const readFile = (locale: Locale, file: string) =>
  JSON.parse(fs.readFileSync(path.join(folderOf(locale), file), 'utf8'))

/** What is said where the portal fails, for those who need nothing else. */
export const failureTexts = (locale: Locale): typeof failures => readFile(locale, 'failures.json')

/** All texts in a language, by namespace. Read and parsed once a process. */
export function catalogue(locale: Locale): Catalogue {
  let texts = read.get(locale)
  if (!texts) {
    const parts = fs.readdirSync(folderOf(locale)).map(file => readFile(locale, file))
    texts = Object.assign({}, ...parts) as Catalogue
    follow(texts, texts)
    read.set(locale, texts)
  }
  return texts
}

/** `@:words.company` stands for the text of that key: what is said in many places is written once. */
function follow(texts: Tree, tree: Tree): void {
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value !== 'string') follow(texts, value)
    else if (value.startsWith('@:')) {
      tree[name] = value
        .slice(2)
        .split('.')
        .reduce((node: Tree | string, part) => (node as Tree)[part]!, texts)
    }
  }
}
