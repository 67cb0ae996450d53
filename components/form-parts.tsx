// What stands in a form besides its fields: its buttons, the ways out of an error, and what shows passwords.
import { useSyncExternalStore } from 'react'
import { fillText } from '@/lib/i18n/texts.ts'
import type { FileTexts } from './form-field.tsx'
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

/** How files go, to be seen and to be heard; its place is there before, so that it is heard. */
export function Upload({
  gone,
  texts,
}: {
  gone: number | undefined
  texts: Pick<FileTexts, 'sending' | 'sent'>
}) {
  const said = gone === 100 ? texts.sent : fillText(texts.sending, { percent: gone ?? 0 })
  return (
    <div aria-live="polite">
      {gone !== undefined && (
        <p>
          <progress aria-hidden value={gone} max={100} /> {said}
        </p>
      )}
    </div>
  )
}

export function Buttons({ buttons, pending }: { buttons: FormButton[]; pending: boolean }) {
  if (buttons.length === 0) return null
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
