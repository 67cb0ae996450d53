'use client'
// Copies what a field holds: a comfort of scripts.
import { useState, useSyncExternalStore } from 'react'
import { Button } from '@/components/ui/button.tsx'

const never = () => () => {}

export function CopyButton({ of, label, done }: { of: string; label: string; done: string }) {
  const [copied, setCopied] = useState(false)
  const isScripted = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  const copy = async () => {
    const field = document.getElementById(of) as HTMLInputElement
    field.select()
    // Only over https; what is selected can be copied by hand.
    await navigator.clipboard?.writeText(field.value).then(() => setCopied(true))
  }
  return (
    <span data-scripted>
      {isScripted && (
        <Button type="button" look="secondary" onClick={copy}>
          {label}
        </Button>
      )}{' '}
      <span role="status">{copied && done}</span>
    </span>
  )
}
