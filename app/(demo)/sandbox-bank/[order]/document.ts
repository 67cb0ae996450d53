// The HTML of the sandbox bank's payment page.
import { formatMoney } from '@/lib/i18n/formats.ts'
import { type Locale, languageTag } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { Currency } from '@/lib/platform/money.ts'
import { type BankOrder, canBePaid, hasExpired, returnAddress } from '@/lib/sandbox-bank/book.ts'
import { CARDS } from '@/lib/sandbox-bank/cards.ts'

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, character => ENTITIES[character]!)

/** `refused`: what was entered where it is none of the bank's cards. */
export function bankPage(order: BankOrder, locale: Locale, now: Date, refused?: string): string {
  const t = translator(locale, 'sandboxBank')
  const amount = formatMoney(order.amount, order.currency as Currency, locale)
  const facts = [
    [t('merchant'), 'Drita'],
    [t('order'), order.orderNumber],
    [t('amount'), amount],
  ].map(([label, value]) => `<dt>${escaped(label!)}</dt><dd>${escaped(value!)}</dd>`)
  // What was entered too late is not wrong.
  const wrong = canBePaid(order, now) ? refused : undefined
  const title = escaped(wrong === undefined ? t('title') : `${t('errorTitle')}: ${t('title')}`)
  return `<!doctype html>
<html lang="${languageTag[locale]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/sandbox-bank.css">
</head>
<body>
<header>${escaped(t('name'))}</header>
<main>
${wrong === undefined ? '' : alert(t)}<h1>${escaped(t('title'))}</h1>
<p class="warning">${escaped(t('warning'))}</p>
<dl>${facts.join('')}</dl>
${
  canBePaid(order, now)
    ? paymentForm(t, wrong)
    : closed(t, hasExpired(order, now) ? t('expired') : t('decided'), returnAddress(order, now))
}
</main>
</body>
</html>
`
}

type Texts = ReturnType<typeof translator<'sandboxBank'>>

const alert = (t: Texts): string =>
  `<div role="alert"><p>${escaped(t('errorTitle'))}</p><a href="#cardNumber">${escaped(t('notAccepted'))}</a></div>\n`

function paymentForm(t: Texts, refused?: string): string {
  const cards = Object.entries(CARDS).map(
    ([number, behaviour]) =>
      `<li><code>${number}</code> <span>${escaped(t(`cards.${behaviour}`))}</span></li>`,
  )
  const wrong = refused !== undefined
  return `<form method="post">
<label for="cardNumber">${escaped(t('cardNumber'))}</label>
${wrong ? `<p class="error" id="cardNumber-error">${escaped(t('notAccepted'))}</p>\n` : ''}<input id="cardNumber" name="cardNumber" inputmode="numeric" autocomplete="off" maxlength="40" value="${escaped(refused ?? '')}"${wrong ? ' aria-invalid="true" aria-describedby="cardNumber-error"' : ''}>
<p><button name="intent" value="pay">${escaped(t('pay'))}</button> <button name="intent" value="cancel">${escaped(t('cancel'))}</button></p>
</form>
<h2>${escaped(t('cardsTitle'))}</h2>
<ul class="cards">${cards.join('')}</ul>`
}

const closed = (t: Texts, why: string, back: string): string =>
  `<p>${escaped(why)}</p>\n<p><a class="button" href="${escaped(back)}">${escaped(t('back'))}</a></p>`
