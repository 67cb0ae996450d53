// An element of a page whose content only shows something: drawn on the server as one text (decisions 0038, 0045).
import type { ReactNode } from 'react'
import { handOver } from '@/lib/request/hand-over.ts'
import { KeptText } from './kept-markup.tsx'
import { markupOf } from './static-markup.ts'

type StaticProps = { as: 'div' | 'header' | 'footer'; className: string; children: ReactNode }

export const Static = ({ children, ...element }: StaticProps) => (
  <KeptText {...element} text={handOver(markupOf(children))} />
)
