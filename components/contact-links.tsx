// Whom to call or to write to, as links.
import { Fragment } from 'react'

/** What there is of the two, with commas between them. */
export function ContactLinks({ phone, email }: { phone: string | null; email: string | null }) {
  const links = [
    ...(phone ? [{ href: `tel:${phone.replace(/\s/g, '')}`, text: phone.replaceAll(' ', '\u00a0') }] : []),
    ...(email ? [{ href: `mailto:${email}`, text: email }] : []),
  ]
  return links.map(({ href, text }, index) => (
    <Fragment key={href}>
      {index > 0 && ', '}
      <a href={href} className="inline-block py-1">
        {text}
      </a>
    </Fragment>
  ))
}
