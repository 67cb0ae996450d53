// Every text of a language. An area has a file in each messages/<locale>/, and in it its namespaces, whose names are its own.
import fs from 'node:fs'
import path from 'node:path'
import type { Locale } from './locale.ts'

export type Catalogue = typeof import('../../messages/en/accounts.json') &
  typeof import('../../messages/en/audit.json') &
  typeof import('../../messages/en/auth.json') &
  typeof import('../../messages/en/billing.json') &
  typeof import('../../messages/en/cases.json') &
  typeof import('../../messages/en/certificates.json') &
  typeof import('../../messages/en/compare.json') &
  typeof import('../../messages/en/contracts.json') &
  typeof import('../../messages/en/counter.json') &
  typeof import('../../messages/en/errors.json') &
  typeof import('../../messages/en/estimator.json') &
  typeof import('../../messages/en/failures.json') &
  typeof import('../../messages/en/feeds.json') &
  typeof import('../../messages/en/files.json') &
  typeof import('../../messages/en/findings.json') &
  typeof import('../../messages/en/forms.json') &
  typeof import('../../messages/en/health.json') &
  typeof import('../../messages/en/help.json') &
  typeof import('../../messages/en/history.json') &
  typeof import('../../messages/en/inbox.json') &
  typeof import('../../messages/en/legal.json') &
  typeof import('../../messages/en/looks.json') &
  typeof import('../../messages/en/maintenance.json') &
  typeof import('../../messages/en/notices.json') &
  typeof import('../../messages/en/notifications.json') &
  typeof import('../../messages/en/own-data.json') &
  typeof import('../../messages/en/pay-links.json') &
  typeof import('../../messages/en/payment-desk.json') &
  typeof import('../../messages/en/payments.json') &
  typeof import('../../messages/en/readings.json') &
  typeof import('../../messages/en/requests.json') &
  typeof import('../../messages/en/sandbox-bank.json') &
  typeof import('../../messages/en/shell.json') &
  typeof import('../../messages/en/supply.json') &
  typeof import('../../messages/en/tariffs.json') &
  typeof import('../../messages/en/unpaid.json') &
  typeof import('../../messages/en/words.json')

type Tree = { [name: string]: Tree | string }

const read = new Map<Locale, Catalogue>()

const folderOf = (locale: Locale): string => path.join(process.cwd(), 'messages', locale)

/** Not imported: each language would be named once more, and each bundle would carry its own copy. */
const readFile = (locale: Locale, file: string) =>
  JSON.parse(fs.readFileSync(path.join(folderOf(locale), file), 'utf8'))

/** What is said where the portal fails, for those who need nothing else. */
export const failureTexts = (locale: Locale): typeof import('../../messages/en/failures.json') =>
  readFile(locale, 'failures.json')

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

/** `@:words.company`, as a whole text or inside one: what is said in many places is written once. */
const LINK = /@:([\w-]+(?:\.[\w-]+)+)/g

/** Puts in place of each link the text of its key. */
function follow(texts: Tree, tree: Tree): void {
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value !== 'string') follow(texts, value)
    else {
      tree[name] = value.replace(
        LINK,
        (_, key: string) =>
          key.split('.').reduce((node: Tree | string, part) => (node as Tree)[part]!, texts) as string,
      )
    }
  }
}
