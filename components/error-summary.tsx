'use client'
// What is wrong with a form, at its top, with a link to each field; takes the focus when it appears. Where the form was
// right and only could not be done, a plain sentence: there is nothing to check.
import { type ReactNode, useEffect, useRef } from 'react'
import { Icon } from './ui/icon.tsx'

export function ErrorSummary({
  title,
  errors,
  round,
  calm,
  children,
}: {
  title: string
  /** In the order of the fields. An error of the whole form has no field. */
  errors: { field?: string; text: string }[]
  /** Changes with every answer, so that the same errors are announced again. */
  round: number
  /** Nothing is wrong with what was sent: it waits. */
  calm?: boolean
  children?: ReactNode
}) {
  const box = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows each new answer
  useEffect(() => box.current?.focus(), [round])
  if (errors.length === 0) return null
  const hasFields = errors.some(({ field }) => field)
  return (
    <div
      ref={box}
      role="alert"
      aria-label={hasFields ? title : undefined}
      tabIndex={-1}
      // biome-ignore lint/a11y/noAutofocus: without scripts too, the answer to a form is in sight
      autoFocus
      className={calm ? 'note wait' : 'note bad'}
    >
      <Icon name={calm ? 'wait' : 'alert'} />
      <div>
        {hasFields ? (
          <>
            <h2>{title}</h2>
            <ul>
              {errors.map(({ field, text }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two may have one text, and nothing moves in it
                <li key={index}>{field ? <a href={`#${field}`}>{text}</a> : text}</li>
              ))}
            </ul>
          </>
        ) : (
          errors.map(({ text }) => <p key={text}>{text}</p>)
        )}
        {children}
      </div>
    </div>
  )
}
