// The HTML of the sandbox bank's payment page.
import { formatMoney } from '@/lib/i18n/formats.ts'
import { type Locale, languageTag } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { Currency } from '@/lib/platform/money.ts'
import { escapeHtml } from '@/lib/platform/text.ts'
import { type BankOrder, canBePaid, hasExpired, returnAddress } from '@/lib/sandbox-bank/book.ts'
import { CARDS } from '@/lib/sandbox-bank/cards.ts'

/** `refused`: what was entered where it is none of the bank's cards. */
export function bankPage(order: BankOrder, locale: Locale, now: Date, refused?: string): string {
  const t = translator(locale, 'sandboxBank')
  const amount = formatMoney(order.amount, order.currency as Currency, locale)
  const facts = [
    [t('merchant'), 'Drita'],
    [t('order'), order.orderNumber],
    [t('amount'), amount],
  ].map(([label, value]) => `<dt>${escapeHtml(label!)}</dt><dd>${escapeHtml(value!)}</dd>`)
  // What was entered too late is not wrong.
  const wrong = canBePaid(order, now) ? refused : undefined
  const title = escapeHtml(wrong === undefined ? t('title') : `${t('errorTitle')}: ${t('title')}`)
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
<header>${escapeHtml(t('name'))}</header>
<main>
${wrong === undefined ? '' : alert(t)}<h1>${escapeHtml(t('title'))}</h1>
<p class="warning">${escapeHtml(t('warning'))}</p>
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
  `<div role="alert"><p>${escapeHtml(t('errorTitle'))}</p><a href="#cardNumber">${escapeHtml(t('notAccepted'))}</a></div>\n`

function paymentForm(t: Texts, refused?: string): string {
  const cards = Object.entries(CARDS).map(
    ([number, behaviour]) =>
      `<li><code>${number}</code> <span>${escapeHtml(t(`cards.${behaviour}`))}</span></li>`,
  )
  const wrong = refused !== undefined
  return `<form method="post">
<label for="cardNumber">${escapeHtml(t('cardNumber'))}</label>
${wrong ? `<p class="error" id="cardNumber-error">${escapeHtml(t('notAccepted'))}</p>\n` : ''}<input id="cardNumber" name="cardNumber" inputmode="numeric" autocomplete="off" maxlength="40" value="${escapeHtml(refused ?? '')}"${wrong ? ' aria-invalid="true" aria-describedby="cardNumber-error"' : ''}>
<p><button name="intent" value="pay">${escapeHtml(t('pay'))}</button> <button name="intent" value="cancel">${escapeHtml(t('cancel'))}</button></p>
</form>
<h2>${escapeHtml(t('cardsTitle'))}</h2>
<ul class="cards">${cards.join('')}</ul>`
}

const closed = (t: Texts, why: string, back: string): string =>
  `<p>${escapeHtml(why)}</p>\n<p><a class="button" href="${escapeHtml(back)}">${escapeHtml(t('back'))}</a></p>`
