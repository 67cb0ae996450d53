// What a tag in a text becomes: a link.
import type { ReactNode } from 'react'

export const linkTo = (href: string) => (chunks: ReactNode) => <a href={href}>{chunks}</a>
