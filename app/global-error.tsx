'use client'
// When even the layout fails: what happened, in all three languages, because which one is wanted is not known here.

/** Set in next.config.ts: importing a catalogue here would send it to every browser whole. */
const TEXTS = JSON.parse(process.env.FAILURE_TEXTS!) as { lang: string; title: string; text: string }[]

export default function GlobalError() {
  return (
    <html lang="sq">
      <body style={{ maxWidth: '40rem', margin: '3rem auto', padding: '0 1rem', font: '18px/1.5 system-ui' }}>
        <title>Drita</title>
        <h1>Drita</h1>
        {TEXTS.map(({ lang, title, text }) => (
          <section key={lang} lang={lang}>
            <h2>{title}</h2>
            <p>{text}</p>
          </section>
        ))}
      </body>
    </html>
  )
}
