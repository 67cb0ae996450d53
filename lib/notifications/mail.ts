// What an e-mail says, and the two ways it says it: as text, and in the layout that all of them share. Pure.
import { type Locale, languageTag } from '../i18n/locale.ts'
import { escapeHtml } from '../platform/text.ts'

type Link = { label: string; href: string }

/** `figure`: what it is about in one figure, an amount or a code; else the subject stands in its place. */
export type Mail = {
  language: Locale
  subject: string
  /** Whom it is about, and who else speaks: `OSHEE · with Drita`. */
  from: { name: string; beside?: string }
  figure?: string
  /** Under the figure: until when, or when. */
  below?: string
  /** Paragraphs. The one that is nothing but the action's address stands for its button. */
  body: string[]
  action?: Link
  facts: { label: string; value: string }[]
  /** Small, at the end: that nobody reads answers, and whom to turn to instead. */
  footer: { text: string; contacts: string[]; links: Link[] }
}

const SIGNATURE = 'Drita'

export function mailText({ body, facts, footer }: Mail): string {
  const rows = facts.map(({ label, value }) => `${label}: ${value}`)
  const links = footer.links.map(({ label, href }) => `${label}: ${href}`)
  return [
    ...body,
    ...(rows.length > 0 ? [rows.join('\n')] : []),
    SIGNATURE,
    [footer.text, ...footer.contacts, ...links].join('\n'),
  ].join('\n\n')
}

/** Said once more where it counts: some readers drop the style sheet, and dark letters would stand on the dark head. */
const [ON_NIGHT, NIGHT, SUN, ON_SUN] = ['#fdf8ec', '#12324d', '#f2a900', '#1c2430']

const STYLE = `body{margin:0;background:#fbf7ef;color:#1c2430;font:17px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
table{border-collapse:collapse}
.o{width:100%;max-width:560px}
.h{padding:20px 24px 24px}
h1{margin:0;font-size:24px;line-height:1.2;overflow-wrap:anywhere}
.h p{margin:0}
.h .w{margin:0 0 20px}
.h .n{font-size:38px;line-height:1.15;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.n small{font-size:19px;font-weight:400}
.q{color:#b7c8d8}
.b{background:#fff;padding:20px 24px 6px;border:1px solid #e2d8c4;border-top:0}
.b p{margin:0 0 14px;overflow-wrap:anywhere}
.k{display:inline-block;padding:14px 22px;border-radius:12px;font-weight:700;text-decoration:none}
.h .k{margin-top:16px}
.f{width:100%;margin:0 0 14px}
.f th,.f td{padding:8px 0;border-top:1px solid #e2d8c4;text-align:left;font-weight:400;font-variant-numeric:tabular-nums}
.f td{padding-left:16px;text-align:right;font-weight:700;overflow-wrap:break-word}
.s{padding:16px 24px}
.s,.s a{font-size:14px;color:#545d6b}
.s p{margin:0 0 8px}
@media(prefers-color-scheme:dark){body{background:#12161c;color:#f3efe6}.h{background:#0a1724}.b{background:#1b2129;border-color:#39414d}.f th,.f td{border-color:#39414d}.s,.s a{color:#b5bcc8}}`

export function mailHtml(mail: Mail): string {
  const { language, subject, from, figure, below, body, action, facts, footer } = mail
  const button = action ? buttonTo(action) : ''
  const beside = from.beside ? ` <span class="q">· ${escapeHtml(from.beside)}</span>` : ''
  const heading = figure
    ? `<p class="q">${escapeHtml(subject)}</p>\n<h1 class="n">${figureHtml(figure)}</h1>${below ? `\n<p>${escapeHtml(below)}</p>` : ''}\n${button}`
    : `<h1>${escapeHtml(subject)}</h1>`
  const paragraphs = body.map(text => {
    if (text !== action?.href) return `<p>${escapeHtml(text).replaceAll('\n', '<br>')}</p>`
    // Where there is a figure it stands beside that already.
    return figure ? '' : `<p>${button}</p>`
  })
  const rows = facts.map(
    ({ label, value }) => `<tr><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`,
  )
  const table = rows.length > 0 ? `\n<table class="f">${rows.join('\n')}</table>` : ''
  const links = footer.links.map(
    ({ label, href }) => `<a href="${escapeHtml(href)}">${escapeHtml(label)}</a>`,
  )
  return `<!doctype html>
<html lang="${languageTag[language]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${STYLE}</style>
</head>
<body>
<table role="presentation" width="100%"><tr><td align="center">
<table role="presentation" class="o" align="center">
<tr><td class="h" bgcolor="${NIGHT}" style="color:${ON_NIGHT}"><p class="w"><b>${escapeHtml(from.name)}</b>${beside}</p>
${heading}</td></tr>
<tr><td class="b">${paragraphs.filter(Boolean).join('\n')}${table}</td></tr>
<tr><td class="s">${[footer.text, ...footer.contacts].map(line => `<p>${escapeHtml(line)}</p>`).join('\n')}
<p>${links.join(' · ')}</p></td></tr>
</table></td></tr></table>
</body>
</html>
`
}

const buttonTo = ({ label, href }: Link): string =>
  `<a class="k" href="${escapeHtml(href)}" style="background:${SUN};color:${ON_SUN}">${escapeHtml(label)}</a>`

/** The currency small behind the number; a sign before it stays as large. */
function figureHtml(figure: string): string {
  const [, number, currency] = /^(.*\d)(\s\D+)$/.exec(figure) ?? []
  return number ? `${escapeHtml(number)}<small>${escapeHtml(currency!)}</small>` : escapeHtml(figure)
}
