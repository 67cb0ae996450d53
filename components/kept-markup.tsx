'use client'
// Markup that stands in the HTML of a page and nowhere else: the browser keeps it as it came (decision 0045).
import { createElement, type ReactNode, useState } from 'react'
import { type HandedOver, take } from '@/lib/platform/handed-over.ts'

type KeptProps = { as: 'div' | 'header' | 'footer'; className: string }

/** A text that the server has drawn. */
export const KeptText = ({ text, ...props }: KeptProps & { text: HandedOver<string> }) => (
  <KeptMarkup {...props} markup={take(text)} name={'place' in text ? text.place : undefined} />
)

/** `markup`: undefined in the browser where it came with the page, in which it is found by `name`. */
export function KeptMarkup({
  as,
  className,
  markup,
  name,
}: KeptProps & { markup: string | undefined; name?: number | string }): ReactNode {
  // Where React has to draw the page anew, as after an extension of the browser's has changed it, this is still there.
  const [first] = useState(() => markup ?? document.querySelector(`[data-kept="${name}"]`)?.innerHTML ?? '')
  return createElement(as, {
    className,
    'data-kept': name,
    suppressHydrationWarning: true,
    dangerouslySetInnerHTML: { __html: markup ?? first },
  })
}
