// An element of a page whose content only shows something: drawn on the server as one text (decisions 0038, 0045).
import type { ReactNode } from 'react'
import { escapeHtml } from '@/lib/platform/text.ts'
import { handOver } from '@/lib/request/hand-over.ts'
import { KeptText } from './kept-markup.tsx'
import { markupOf } from './static-markup.ts'

/**
 * `once`: a name of what is shown, by which it is drawn once a process; it names what settles it, and nothing that is a customer's.
 * `fill`: words in it, and the texts that take their place each time.
 */
type StaticProps = {
  as: 'div' | 'header' | 'footer'
  className: string
  once?: string
  fill?: Record<string, string>
  children: ReactNode
}

const drawn = new Map<string, string>()

export function Static({ children, once, fill = {}, ...element }: StaticProps) {
  let text = (once && drawn.get(once)) || markupOf(children)
  if (once) drawn.set(once, text)
  for (const [word, value] of Object.entries(fill)) text = text.replaceAll(word, () => escapeHtml(value))
  return <KeptText {...element} text={handOver(text)} />
}
