'use client'
// A button for the very form that got no answer: it is done but once.
import { Button } from './ui/button.tsx'

/** `send`: undefined where an answer came. */
export function SendAgain({ send, label }: { send: (() => void) | undefined; label: string }) {
  if (!send) return null
  return (
    <p className="mt-2">
      <Button type="button" look="secondary" onClick={send}>
        {label}
      </Button>
    </p>
  )
}
