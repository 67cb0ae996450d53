// Buttons, and links that look like them. At least 44 px high: thumbs, not mouse pointers.
import type { ComponentProps } from 'react'

const LOOK = {
  primary: 'bg-light text-on-light border-light forced-colors:border-[ButtonText]',
  secondary: 'bg-surface text-accent border-accent',
  danger: 'bg-surface text-bad border-bad',
} as const

const shape = (look: keyof typeof LOOK) =>
  `inline-flex min-h-11 items-center justify-center gap-2 rounded-lg border-2 px-5 py-2 text-center font-bold no-underline print:hidden ${LOOK[look]}`

type Look = { look?: keyof typeof LOOK }

export function Button({ look = 'primary', ...rest }: Look & Omit<ComponentProps<'button'>, 'className'>) {
  return <button type="submit" {...rest} className={`${shape(look)} cursor-pointer hover:underline`} />
}

export function ButtonLink({ look = 'primary', ...rest }: Look & Omit<ComponentProps<'a'>, 'className'>) {
  return <a {...rest} className={`${shape(look)} hover:underline`} />
}
