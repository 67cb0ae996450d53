'use client'
// Asks the browser for a passkey before the form that this stands in is sent, and sends its answer along.
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import { useEffect, useRef, useState } from 'react'

/** `make` a passkey, or `ask` for one; `failed`: what is said where there is none. */
export function PasskeyPrompt({
  name,
  make,
  ask,
  failed,
}: {
  name: string
  make?: PublicKeyCredentialCreationOptionsJSON
  ask?: PublicKeyCredentialRequestOptionsJSON
  failed: string
}) {
  const field = useRef<HTMLInputElement>(null)
  const [hasFailed, setFailed] = useState(false)
  useEffect(() => {
    const input = field.current!
    const form = input.form!
    let signing = false
    // Without what browsers of before 2024 lack, the form is sent as it is, and the answer says so.
    const isAble = typeof PublicKeyCredential?.parseRequestOptionsFromJSON === 'function'
    const onSubmit = async (event: SubmitEvent) => {
      if (!isAble || input.value || event.submitter?.hasAttribute('formaction')) return
      // Before the form's own listener, which stands further out.
      event.preventDefault()
      event.stopPropagation()
      if (signing) return
      signing = true
      setFailed(false)
      try {
        const made = await (make
          ? navigator.credentials.create({
              publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(make as never),
            })
          : navigator.credentials.get({
              publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(ask as never),
            }))
        input.value = JSON.stringify((made as PublicKeyCredential).toJSON())
        form.requestSubmit(event.submitter)
      } catch {
        setFailed(true)
      }
      signing = false
    }
    form.addEventListener('submit', onSubmit)
    return () => form.removeEventListener('submit', onSubmit)
    // Other options are another challenge: what was signed for the one before is worth nothing.
  }, [make, ask])
  return (
    <>
      <input ref={field} type="hidden" name={name} data-secret />
      <p role="status" data-scripted>
        {hasFailed && failed}
      </p>
    </>
  )
}
