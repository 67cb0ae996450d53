// Buttons, and links that look like them. One amber one a view: it says what it does, and the amount.
import type { ComponentProps, ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

/** `link`: of a row, beside what it is about. */
const LOOK = {
  primary: 'btn',
  secondary: 'btn btn-secondary',
  danger: 'btn btn-danger',
  link: 'more',
} as const

type Own = { look?: keyof typeof LOOK; icon?: IconName; children?: ReactNode }

export function Button({
  look = 'primary',
  icon,
  children,
  ...rest
}: Own & Omit<ComponentProps<'button'>, 'className'>) {
  return (
    <button type="submit" {...rest} className={LOOK[look]}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

export function ButtonLink({
  look = 'primary',
  icon,
  children,
  ...rest
}: Own & Omit<ComponentProps<'a'>, 'className'>) {
  return (
    <a {...rest} className={LOOK[look]}>
      {icon && <Icon name={icon} />}
      {children}
    </a>
  )
}
