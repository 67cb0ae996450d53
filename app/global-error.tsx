'use client'
// When even the layout fails: what happened, in all three languages, because which one is wanted is not known here.

/** Set in next.config.mjs: importing a catalogue here would send it to every browser whole. */
const TEXTS = JSON.parse(process.env.FAILURE_TEXTS!) as { lang: string; title: string; text: string }[]

export default function GlobalError() {
  return (
    <html lang="sq">
      <head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {/* The portal's own style may be what is missing. */}
        <link rel="stylesheet" href="/failure.css" />
      </head>
      <body>
        <title>Drita</title>
        <header>Drita</header>
        <main>
          <h1>{TEXTS[0]!.title}</h1>
          <p>{TEXTS[0]!.text}</p>
          {TEXTS.slice(1).map(({ lang, title, text }) => (
            <section key={lang} lang={lang}>
              <h2>{title}</h2>
              <p>{text}</p>
            </section>
          ))}
          <p>
            <a href="/">Drita</a>
          </p>
        </main>
      </body>
    </html>
  )
}
