// How the simulated bank signs and verifies forms. Written from the bank's description alone: the portal has its own.
import { createHash } from 'node:crypto'

export type Fields = Record<string, string>

/** "ver3", step by step: leave out, sort, escape, join, hash. */
export function signature(fields: Fields, storeKey: string): string {
  const byName = new Map<string, string>()
  for (const name of Object.keys(fields)) {
    if (/^(hash|encoding|nationalidno)$/i.test(name)) continue
    byName.set(
      name.replace(/[a-z]/g, letter => String.fromCharCode(letter.charCodeAt(0) - 32)),
      fields[name]!,
    )
  }
  let text = ''
  for (const name of [...byName.keys()].sort()) text += `${escaped(byName.get(name)!)}|`
  return createHash('sha512')
    .update(Buffer.from(text + escaped(storeKey), 'utf8'))
    .digest('base64')
}

const escaped = (value: string): string => value.split('\\').join('\\\\').split('|').join('\\|')

/** The fields with their `HASH`, as the bank sends them. */
export const sealed = (fields: Fields, storeKey: string): Fields => ({
  ...fields,
  HASH: signature(fields, storeKey),
})
