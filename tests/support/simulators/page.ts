// How the simulated banks' pages look: plainly as no bank's.
import { escapeHtml } from '../../../lib/platform/text.ts'

const STYLE = `body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: #222; background: #f4f4f0 }
.made-up { margin: 0; padding: .75rem 1rem; background: repeating-linear-gradient(-45deg, #ffe08a 0 1rem, #ffd45c 1rem 2rem) }
main { max-width: 34rem; margin: 0 auto; padding: 1rem } h1 { font-size: 1.5rem }
label { font-weight: bold } input { box-sizing: border-box; width: 100%; max-width: 20rem; padding: .6rem; font: inherit; border: 1px solid #555 }
button { padding: .6rem 1.2rem; font: inherit; border: 1px solid #222; background: #fff } button:first-of-type { background: #222; color: #fff }
li { margin: .3rem 0 } code { white-space: nowrap } [role=alert] { padding: .6rem; border: 2px solid #b00020 }`

/** `body`: as HTML. */
export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><link rel="icon" href="data:,"><style>${STYLE}</style></head><body>
<p class="made-up"><strong>A made-up bank: no money moves here. Type no card of your own.</strong><br>
<span lang="sq">Bankë e shpikur: këtu nuk lëvizin para. Mos shkruani numrin e kartës suaj.</span><br>
<span lang="sr">Izmišljena banka: ovde se novac ne kreće. Ne upisujte broj svoje kartice.</span></p>
<main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`

/** What each card does. */
export const cardList = (cards: { number: string; says: string }[]): string =>
  `<h2>Its cards</h2><ul>${cards
    .map(({ number, says }) => `<li><code>${number}</code> ${escapeHtml(says)}</li>`)
    .join('')}</ul>`
