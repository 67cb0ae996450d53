// The words and figures of a debt certificate's document.
import { BUSINESS_NUMBER } from '../billing/letterhead.ts'
import { formatAmount, formatInstant, formatMoney } from '../i18n/formats.ts'
import type { Locale } from '../i18n/locale.ts'
import { type Translator, translator } from '../i18n/translator.ts'
import { codeWords, inBoth, plain, type Row, type Words } from '../i18n/words.ts'
import type { AmountDue } from '../ledger/rules.ts'
import { hasTvTax } from './rules.ts'
import type { CertificateContent } from './schema.ts'

export type Say = (text: (texts: Translator<'certificate'>, locale: Locale) => string) => Words

/** In the certificate's language and in Albanian. */
export const sayOf =
  ({ locale }: CertificateContent): Say =>
  text =>
    inBoth(locale, one => text(translator(one, 'certificate'), one))

/** Where it is checked: `drita.al/verify`, without the code, which is typed there. */
export const checkedAt = ({ verifyUrl }: CertificateContent): string =>
  verifyUrl.replace(/^https?:\/\//, '').replace(/\/[^/]*$/, '')

export function about({ number, kind, locale, asOf, biller }: CertificateContent, say: Say): Row[] {
  return [
    { label: say(t => t('paper.number')), value: codeWords(number), strong: true },
    { label: say(t => t('paper.kind')), value: say(t => t(`paper.kinds.${kind}`)) },
    { label: say(t => t('paper.asOf')), value: plain(formatInstant(asOf, locale, biller.timeZone)) },
  ]
}

const yesOrNo = (is: unknown) => (is ? 'yes' : 'no')

const joined = (...names: string[]) => names.filter(Boolean).join(' ')

/** All that is certified, in a sentence that stands for itself. */
export function sentence(
  { person, business, contracts, total, biller }: CertificateContent,
  say: Say,
): Words {
  const contract = contracts[0]?.code ?? ''
  const owes = yesOrNo(total.total > 0)
  return say((t, one) => {
    const sum = formatMoney(total.total, biller.currency, one)
    if (!business) {
      const number = person?.personalNumber ?? ''
      const name = person ? joined(person.firstName, person.fatherName, person.lastName) : ''
      return t('paper.person', { name, number, hasNumber: yesOrNo(number), contract, owes, total: sum })
    }
    const { holder } = business
    return t('paper.business', {
      name: business.businessName,
      numberName: BUSINESS_NUMBER[biller.country],
      number: business.nipt,
      hasHolder: yesOrNo(holder),
      holder,
      only: yesOrNo(contracts.length === 1),
      contract,
      count: contracts.length,
      owes,
      total: sum,
    })
  })
}

/** Each once more by itself, where codes are set as codes; what is not known is left out. */
export function details({ person, business, contracts, biller }: CertificateContent, say: Say): Row[] {
  const row = (label: Words, text: string | null | undefined, words = plain): Row[] =>
    text ? [{ label, value: words(text) }] : []
  const only = contracts.length === 1 ? contracts[0] : undefined
  return [
    ...row(
      say(t => t('paper.name')),
      person && joined(person.firstName, person.lastName),
    ),
    ...row(
      say(t => t('paper.fatherName')),
      person?.fatherName,
    ),
    ...row(
      say(t => t('paper.personalNumber')),
      person?.personalNumber,
      codeWords,
    ),
    ...row(
      say(t => t('paper.businessName')),
      business?.businessName,
    ),
    ...row(plain(BUSINESS_NUMBER[biller.country]), business?.nipt, codeWords),
    ...row(
      say(t => t('paper.legalRepresentative')),
      business?.legalRepresentative,
    ),
    ...row(
      say(t => t('paper.holder')),
      business?.holder,
    ),
    ...row(
      say(t => t('paper.contract')),
      only?.code,
      codeWords,
    ),
    ...row(
      say(t => t('paper.address')),
      only?.address,
    ),
  ]
}

export function amounts(content: CertificateContent, say: Say): Row[] {
  const { biller, locale, total } = content
  const money = (minor: number) => plain(formatMoney(minor, biller.currency, locale))
  const tvTax = { label: say(t => t('paper.tvTax')), value: money(total.tvTax) }
  return [
    { label: say(t => t('paper.principal')), value: money(total.principal) },
    ...(hasTvTax(biller.code, total) ? [tvTax] : []),
    { label: say(t => t('paper.interest')), value: money(total.interest) },
    {
      label: say(t => t('paper.total', { country: biller.country })),
      value: money(total.total),
      strong: true,
    },
  ]
}

/** A row a contract, with the amounts in the currency that the title names, and their total. */
export function contractRows(
  content: CertificateContent,
  say: Say,
): { title: Words; columns: Words[]; rows: Words[][]; total: Words[] } {
  const { contracts, total, biller, locale } = content
  const parts = (['principal', 'tvTax', 'interest'] as const).filter(
    part => part !== 'tvTax' || hasTvTax(biller.code, total),
  )
  const amountsOf = (due: AmountDue) =>
    [...parts, 'total' as const].map(part => plain(formatAmount(due[part], biller.currency, locale)))
  const sum = say(t => t('paper.sum'))
  return {
    title: say(t => t('paper.contracts', { currency: biller.currency })),
    columns: [
      say(t => t('paper.contract')),
      say(t => t('paper.address')),
      ...parts.map(part => say(t => t(`paper.${part}`))),
      sum,
    ],
    rows: contracts.map(contract => [
      codeWords(contract.code),
      plain(contract.address ?? '–'),
      ...amountsOf(contract),
    ]),
    total: [sum, plain(''), ...amountsOf(total)],
  }
}
