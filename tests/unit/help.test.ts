// Help: every question is answered in every language, every link leads somewhere, and searching finds what people type.
import { describe, expect, it } from 'vitest'
import { hasEveryWord, readSynonyms, searchTopics } from '../../lib/help/search.ts'
import { TOPICS } from '../../lib/help/topics.ts'
import { type Catalogue, catalogue } from '../../lib/i18n/catalogue.ts'
import { type Locale, locales } from '../../lib/i18n/locale.ts'

const en = catalogue('en')
const sr = catalogue('sr')

const texts = Object.fromEntries(locales.map(locale => [locale, catalogue(locale)])) as Record<
  Locale,
  Catalogue
>
type Entry = { question: string; answer: string }
const entriesOf = (locale: Locale) => texts[locale].help.questions as Record<string, Entry>
const asked = TOPICS.flatMap(topic => [...topic.questions] as string[])

/** The questions that a search in one language finds. */
function found(locale: Locale, query: string): string[] {
  const entries = entriesOf(locale)
  const titles = texts[locale].help.topics as Record<string, string>
  const topics = searchTopics(
    TOPICS,
    query,
    (topic, question) => ({
      heading: `${titles[topic]} ${entries[question]!.question}`,
      answer: entries[question]!.answer,
    }),
    readSynonyms(texts[locale].help.synonyms),
  )
  return topics.flatMap(topic => topic.questions)
}

describe('the texts', () => {
  it('answer each question once, under one topic', () => {
    expect(new Set(asked).size).toBe(asked.length)
    for (const locale of locales) {
      expect(Object.keys(entriesOf(locale)).sort()).toEqual([...asked].sort())
      expect(Object.keys(texts[locale].help.topics).sort()).toEqual(TOPICS.map(topic => topic.id).sort())
    }
  })

  it('put everything in paragraphs and lists, of equal number in the three languages', () => {
    for (const question of asked) {
      const shapes = locales.map(locale =>
        [...entriesOf(locale)[question]!.answer.matchAll(/<\/?\w+>/g)].map(([tag]) => tag).join(''),
      )
      const [shape] = shapes
      expect(shape).toMatch(/^(<p>(<(\w+)><\/\3>)*<\/p>|<list>(<item>(<(\w+)><\/\6>)*<\/item>)+<\/list>)+$/)
      expect(new Set(shapes), question).toEqual(new Set([shape]))
    }
  })

  it('are written in Latin script with the letters of their language', () => {
    for (const locale of locales) {
      expect(JSON.stringify(texts[locale].help)).not.toMatch(/\p{Script=Cyrillic}/u)
    }
    expect(JSON.stringify(sr.help)).not.toMatch(/[ëç]/)
    expect(JSON.stringify(en.help)).not.toMatch(/[ëçčćđ]/)
    // The "you" of respect is written small inside a sentence.
    expect(JSON.stringify(sr)).not.toMatch(/[\p{L},;:] V(as|am|ama|i|aš\p{L}*)(?!\p{L})/u)
  })
})

describe('searching', () => {
  it('folds case and diacritics, in the text and in what is typed', () => {
    expect(hasEveryWord('Fjalëkalimi i ndërruar', 'FJALEKALIMI nderruar')).toBe(true)
    expect(hasEveryWord('lozinka za račun', 'Račun')).toBe(true)
    expect(hasEveryWord('LOZINKA ZA RACUN', 'račun')).toBe(true)
    expect(hasEveryWord('između', 'izmedu')).toBe(true)
  })

  it('wants every word, in any order', () => {
    expect(hasEveryWord('the code by SMS', 'sms code')).toBe(true)
    expect(hasEveryWord('the code by SMS', 'sms kamata')).toBe(false)
    expect(hasEveryWord('anything', '  ')).toBe(true)
  })

  it('finds a word with another ending, with a hyphen or without, and other characters', () => {
    expect(hasEveryWord('faturën', 'faturat')).toBe(true)
    expect(hasEveryWord('lozinku', 'lozinka')).toBe(true)
    expect(hasEveryWord('your e-mail', 'email')).toBe(true)
    expect(hasEveryWord('your e-mail', 'e-mail')).toBe(true)
    expect(hasEveryWord('your email', 'e-mail')).toBe(true)
    expect(hasEveryWord('stands as **', '**')).toBe(true)
    expect(hasEveryWord('stands as *', '**')).toBe(false)
    // A short word is not cut: "kod" is not "ko".
    expect(hasEveryWord('ko', 'kod')).toBe(false)
    // An ending is forgiven at the end of a word only.
    expect(hasEveryWord('nefaturat', 'faturave')).toBe(false)
  })

  it('finds what is called otherwise, by how the word begins', () => {
    const synonyms = readSynonyms('bill = invoice; login = sign enter')
    expect(hasEveryWord('how to enter', 'login', synonyms)).toBe(true)
    expect(hasEveryWord('your invoices', 'bills', synonyms)).toBe(true)
    expect(hasEveryWord('your invoices', 'a billboard', synonyms)).toBe(false)
  })

  it.each([
    ['sq', 'kodi sms', 'code-not-arrived'],
    ['sq', 'kyçem', 'how-to-sign-in'],
    ['sq', 'letërnjoftim', 'how-to-register'],
    ['sq', 'kodi abonentit', 'which-code'],
    ['sq', 'provizion', 'which-card'],
    ['en', 'card number', 'card-number'],
    ['sq', 'numrin e kartës', 'card-number'],
    ['sr', 'broj kartice', 'card-number'],
    ['en', 'refund', 'paid-too-much'],
    ['en', 'several contracts', 'pay-online'],
    ['sr', 'delimična uplata', 'pay-online'],
    ['sr', 'faktura', 'print-invoice'],
    ['sr', 'broj potrošača', 'which-code'],
    ['sr', 'procena fakture', 'estimate'],
    ['en', 'e-mail', 'update-account-data'],
    ['sq', 'fjalekalimin harruar', 'forgotten-password'],
    ['sq', 'kamate', 'interest'],
    ['sq', 'taksa tv', 'tv-tax'],
    ['sq', '**', 'masked-data'],
    ['sq', 'fletëpagesë kod gabuar', 'wrong-code-on-slip'],
    ['sq', 'komision', 'which-card'],
    ['sq', 'ankesë', 'complaint'],
    ['sq', 'printoj faturen', 'print-invoice'],
    ['en', 'password', 'password-rule'],
    ['en', 'payment delay', 'payment-not-shown'],
    ['en', 'current readings', 'no-present-reading'],
    ['en', 'old system', 'old-account'],
    ['en', 'email change', 'update-account-data'],
    ['sr', 'lozinka zaboravljena', 'forgotten-password'],
    ['sr', 'racun stampa', 'print-invoice'],
    ['sr', 'zalba', 'complaint'],
    ['sr', 'provizija', 'which-card'],
    ['sr', 'brojilo', 'no-present-reading'],
  ] as const)('%s: "%s" finds %s', (locale, query, question) => {
    expect(found(locale, query)).toContain(question)
  })

  it('puts first the topics that are about the words', () => {
    const order = found('sr', 'lozinka')
    expect(order.indexOf('why-registration-fails')).toBeGreaterThan(order.indexOf('password-rule'))
    expect(order).toContain('password-rule')
  })

  it.each([
    ['en', 'bank no answer', 'not-known-yet'],
    ['sr', 'banka nije odgovorila', 'not-known-yet'],
    ['sr', 'banka ne odgovara', 'not-known-yet'],
    ['sq', 'banka nuk përgjigjet', 'not-known-yet'],
    ['en', 'phone number', 'update-account-data'],
    ['sq', 'numri i telefonit', 'update-account-data'],
    ['sr', 'broj telefona', 'update-account-data'],
    ['sr', 'promena telefona', 'update-account-data'],
  ] as const)('%s: "%s" finds %s first', (locale, query, question) => {
    expect(found(locale, query)[0]).toBe(question)
  })

  it('finds nothing where there is nothing', () => {
    for (const locale of locales) expect(found(locale, 'xyzzy')).toEqual([])
    expect(found('en', 'password xyzzy')).toEqual([])
  })
})
