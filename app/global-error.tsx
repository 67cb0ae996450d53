'use client'
// When even the layout fails, or a form that does not keep what was typed: what happened, in all three languages, because
// which one is wanted is not known here.

/** Set in next.config.ts: importing a catalogue here would send it to every browser whole. */
const TEXTS = JSON.parse(process.env.FAILURE_TEXTS!) as Record<
  'failure' | 'busy',
  { lang: string; title: string; text: string; retry: string; number: string }[]
>

export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  // As in db/errors.ts, which no browser gets.
  const isBusy = error.digest === 'BUSY'
  const [first, ...others] = TEXTS[isBusy ? 'busy' : 'failure']
  // What a script has asked for comes without the number of its request; this one stands on the same line of the log.
  const digits = isBusy ? undefined : error.digest?.split('@')[0]
  const tellUs = (text: string) => digits && <p>{text.replace('{number}', digits)}</p>
  return (
    <html lang="sq">
      <head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {/* The portal's own style may be what is missing. */}
        <link rel="stylesheet" href="/failure.css" />
      </head>
      <body>
        <title>Drita</title>
        <header>
          <a href="/">Drita</a>
        </header>
        <main>
          <h1>{first!.title}</h1>
          <p>{first!.text}</p>
          <p>
            <button type="button" className="btn" onClick={() => location.reload()}>
              {first!.retry}
            </button>
          </p>
          {tellUs(first!.number)}
          {others.map(({ lang, title, text, number }) => (
            <section key={lang} lang={lang}>
              <h2>{title}</h2>
              <p>{text}</p>
              {tellUs(number)}
            </section>
          ))}
        </main>
      </body>
    </html>
  )
}
