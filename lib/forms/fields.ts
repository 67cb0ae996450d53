// Kinds of fields, of which areas make those that their forms share.
import { readLine } from '../platform/typed.ts'
import type { Field, Others, Read, ValueOf } from './form.ts'

type Look = Pick<Field, 'type' | 'inputMode' | 'autoComplete' | 'after'>

/** A line that is needed, of at most `max` characters. */
export const textField = (max: number, look: Look = {}) =>
  typedField(max, look, readLine, text => ({ value: text }))

/** The same; `line`: what was typed without what means nothing, `read`: what is meant by it. */
export const typedField = <V>(
  max: number,
  look: Look,
  line: (typed: string) => string,
  read: (text: string, others: Others) => Read<V>,
) =>
  ({
    ...look,
    kind: 'text',
    max,
    read: (typed: string, others: Others): Read<V> => {
      const text = line(typed)
      if (!text) return { error: 'required' }
      return text.length > max ? { error: 'tooLong' } : read(text, others)
    },
  }) as const

/** The same field where it may be left empty: undefined then. */
export const optional = <F extends { read: (typed: string, others: Others) => Read<unknown> }>(field: F) => ({
  ...field,
  read: (typed: string, others: Others): Read<ValueOf<ReturnType<F['read']>> | undefined> =>
    typed.trim() ? (field.read(typed, others) as Read<ValueOf<ReturnType<F['read']>>>) : { value: undefined },
})

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
