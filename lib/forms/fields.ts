// Kinds of fields, to be made into those that areas share.
import type { IsoDate } from '../platform/dates.ts'
import { readDay, readLine, readNote, readPassword } from '../platform/typed.ts'
import type { Field, Others, Read, Refusal, ValueOf } from './form.ts'

type Look = Pick<Field, 'type' | 'inputMode' | 'autoComplete' | 'short' | 'hintsBy' | 'after' | 'secret'>

/** What a form begins with that is typed twice where Back does not bring it back; browsers have no name for it. */
export const NAMELESS = { autoComplete: 'on' } as const

const tooLong = (max: number): Refusal => ({ error: 'tooLong', values: { max } })

/** A line that is needed, of at most `max` characters. */
export const textField = (max: number, look: Look = {}) => shapedField(max, 'required', text => text, look)

/** The same, where what is typed has a form of its own: `read` says what is meant by it; `error`, with its `values`: where it has none. */
export const shapedField = <V>(
  max: number,
  error: string,
  read: (text: string, others: Others) => V | undefined,
  look: Look = {},
  values?: (others: Others) => Refusal['values'],
) =>
  ({
    ...look,
    kind: 'text',
    max,
    read: (typed: string, others: Others): Read<V> => {
      const text = readLine(typed)
      if (!text) return { error: 'required' }
      if (text.length > max) return tooLong(max)
      const value = read(text, others)
      return value === undefined ? { error, values: values?.(others) } : { value }
    },
  }) as const

/** A day, as browsers send it or as it is written here. */
export const dayField = {
  kind: 'text',
  type: 'date',
  short: true,
  read: (typed: string): Read<IsoDate> => {
    if (!readLine(typed)) return { error: 'required' }
    const day = readDay(typed)
    return day === undefined ? { error: 'dayForm' } : { value: day }
  },
} as const

/** The same field where it may be left empty: undefined then. */
export const optional = <V, F extends { read: (typed: string, others: Others) => Read<V> }>(field: F) => ({
  ...field,
  read: (typed: string, others: Others): Read<ValueOf<ReturnType<F['read']>> | undefined> =>
    readLine(typed)
      ? (field.read(typed, others) as Read<ValueOf<ReturnType<F['read']>>>)
      : { value: undefined },
})

/** A field that a page may leave out (`without`): undefined where it did. */
export const asked = <V>(field: Field<V>): Field<V | undefined> => field

/** One of these values; `error`: where none is chosen. */
export const choiceField = <const V extends string>(
  kind: 'select' | 'hidden' | 'button',
  options: readonly V[],
  error = 'required',
): Field<V> => ({
  kind,
  options,
  read: typed => {
    const value = options.find(option => option === typed)
    return value === undefined ? { error } : { value }
  },
})

/** Boxes to check, as many of them as one likes. */
export const boxesField = <const V extends string>(options: readonly V[]): Field<V[]> => ({
  kind: 'boxes',
  options,
  read: typed => ({ value: options.filter(option => typed.includes(option)) }),
})

/** Boxes of what the page found, each with its id as value. */
export const idsField = (look: Pick<Field, 'after' | 'follows' | 'once'>): Field<string[]> => ({
  ...look,
  kind: 'boxes',
  read: typed => ({ value: typed }),
})

/** Several lines, of at most `max` characters; null where it is left empty. */
export const noteField = (max: number): Field<string | null> => ({
  kind: 'note',
  max,
  read: typed => {
    const note = readNote(typed)
    return note.length > max ? tooLong(max) : { value: note || null }
  },
})

/** The same, where something has to be written. */
export const requiredNoteField = (max: number): Field<string> => ({
  kind: 'note',
  max,
  read: typed => {
    const note = readNote(typed)
    if (!note) return { error: 'required' }
    return note.length > max ? tooLong(max) : { value: note }
  },
})

/** A box to check; `error`: where it has to be. */
export const boxField = (error?: string, look: Look = {}): Field<boolean> => ({
  ...look,
  kind: 'box',
  read: typed => (!typed && error ? { error } : { value: typed !== '' }),
})

/** A password as it is typed, to its last blank. `error`: where it is too long to be one. */
export const passwordField = (
  autoComplete: 'current-password' | 'new-password',
  error: string,
): Field<string> => ({
  kind: 'text',
  type: 'password',
  autoComplete,
  secret: true,
  max: 128,
  read: typed =>
    !typed ? { error: 'required' } : typed.length > 128 ? { error } : { value: readPassword(typed) },
})
