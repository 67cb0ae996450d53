// What each form carries, sealed: which form it is, who and what it was shown for, and a key of its own.
import { createHash, randomUUID } from 'node:crypto'
import { seal, unseal } from '../platform/seal.ts'
import type { Form } from './form.ts'
import { SHOWN_FIELD } from './state.ts'

/** Ids of what the form acts on, whatever a cookie says when it is sent. */
export type ShownFor = Record<string, string>

/**
 * `account`: of whoever was signed in. `key`: random, once a form shown. `kept`: the fields that may be shown again.
 * `without`: those that the page left out.
 */
export type Shown = {
  name: string
  version: string
  key: string
  account: string | null
  for: ShownFor
  kept: string[]
  without: string[]
}

const PURPOSE = 'form shown'

/** For the hidden field SHOWN_FIELD. */
export function sealShown(
  form: Form,
  account: string | null,
  shownFor: ShownFor = {},
  without: string[] = [],
): string {
  const kept = Object.entries(form.fields).flatMap(([name, { kind, secret, once }]) =>
    secret || once || kind === 'files' ? [] : [name],
  )
  const { name } = form
  const shown: Shown = {
    name,
    version: versionOf(form),
    key: randomUUID(),
    account,
    for: shownFor,
    kept,
    without,
  }
  return seal(JSON.stringify(shown), PURPOSE)
}

/** Undefined where a page of ours did not make it. */
export function openShown(sent: FormData): Shown | undefined {
  const sealed = sent.get(SHOWN_FIELD)
  const opened = typeof sealed === 'string' ? unseal(sealed, PURPOSE) : undefined
  return opened === undefined ? undefined : JSON.parse(opened)
}

const versions = new WeakMap<Form, string>()

/**
 * Other than it was where fields came, went or mean something else. Not the build's: while a new one is put in place node
 * by node, forms of the old one go on being taken.
 */
export function versionOf(form: Form): string {
  const known = versions.get(form)
  if (known) return known
  const fields = Object.entries(form.fields).map(([name, { kind, options }]) => [name, kind, options])
  const content = JSON.stringify([form.version, fields])
  const version = createHash('sha256').update(content).digest('base64url').slice(0, 8)
  versions.set(form, version)
  return version
}
