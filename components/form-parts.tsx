// What stands in a form besides its fields: its buttons, the ways out of an error, and what shows passwords.
import { useSyncExternalStore } from 'react'
import { Button } from './ui/button.tsx'
import { Icon } from './ui/icon.tsx'

/** `says`: a longer label, for those who do not see what it stands beside. */
export type FormButton = {
  label: string
  says?: string
  intent?: string
  look?: 'primary' | 'secondary' | 'danger' | 'link'
}
/** Ways out that an error offers, by its code. `carries`: a route of the page that takes along what was typed. */
export type FormLinks = Record<string, { href: string; label: string; carries?: true }[]>

export function WaysOut({ ways }: { ways: FormLinks[string] }) {
  if (ways.length === 0) return null
  return (
    <p className="actions">
      {ways.map(({ href, label, carries }) =>
        carries ? (
          <button
            key={href}
            type="submit"
            formAction={href}
            formMethod="post"
            formEncType="application/x-www-form-urlencoded"
            formNoValidate
            className="more"
          >
            {label}
          </button>
        ) : (
          <a key={href} href={href}>
            {label}
          </a>
        ),
      )}
    </p>
  )
}

const never = () => () => {}

/** Shows what is typed as passwords: a comfort of scripts. */
export function Reveal({ label, pressed, press }: { label: string; pressed: boolean; press: () => void }) {
  const isScripted = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  if (!isScripted) return null
  return (
    <button type="button" className="more" aria-pressed={pressed} onClick={press}>
      {pressed && <Icon name="check" />}
      {label}
    </button>
  )
}

export function Buttons({ buttons, pending }: { buttons: FormButton[]; pending: boolean }) {
  return (
    <p className="actions">
      {buttons.map(({ label, says, intent, look }) => (
        <Button
          key={label}
          look={look}
          name={intent && 'intent'}
          value={intent}
          aria-label={says}
          aria-disabled={pending}
        >
          {label}
        </Button>
      ))}
    </p>
  )
}
