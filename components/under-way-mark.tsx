// What says beside an invoice that it is being paid; on either side of the wire.

/** `href`: the payment, where it is the reader's own. */
export function UnderWayMark({ text, href }: { text: string; href?: string }) {
  return (
    <span className="block text-sm text-wait">
      {href ? (
        <a href={href} className="underline">
          {text}
        </a>
      ) : (
        text
      )}
    </span>
  )
}
