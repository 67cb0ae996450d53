'use client'
// The form that leads to the bank: it sends itself where its reader has just chosen to pay, and has a button for everybody else.
import { type ReactNode, useEffect, useRef } from 'react'

/** `at`: its page's address once it was sent, so that the browser's Back does not send it anew. */
export function ToBank({
  method,
  action,
  sendsItself,
  at,
  children,
}: {
  method: 'GET' | 'POST'
  action: string
  sendsItself: boolean
  at: string
  children: ReactNode
}) {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (!sendsItself || !location.search) return
    history.replaceState(history.state, '', at)
    form.current?.requestSubmit()
  }, [sendsItself, at])
  return (
    <form ref={form} method={method} action={action} data-scripted={sendsItself || undefined}>
      {children}
    </form>
  )
}
