// Finds answers by the words a person types. Pure.
import { foldName } from '../platform/names.ts'
import type { Question, Topic, TopicId } from './topics.ts'

/** Endings change with case and number (`fatura`, `faturës`), so a long word needs to agree up to its last letters only. */
const withoutEnding = (word: string): string =>
  word.slice(0, word.length >= 6 ? -2 : word.length === 5 ? -1 : undefined)

/** How words begin that people know from elsewhere, each with how ours begin that mean the same; folded. */
type Synonyms = readonly (readonly [string, readonly string[]])[]

/** Reads `bill = invoice; login = sign` (the text `help.synonyms`). */
export const readSynonyms = (text: string): Synonyms =>
  text.split(';').map(pair => {
    const [theirs = '', ours = ''] = pair.split('=')
    return [foldName(theirs), foldName(ours).split(' ')]
  })

/**
 * Whether every word of the query, or one that means the same, occurs in the text; without words it is true. Case and
 * diacritics are folded, `email` and `e-mail` find each other, and characters count where a word has nothing else (`**`).
 */
export function hasEveryWord(text: string, query: string, synonyms: Synonyms = []): boolean {
  const folded = ` ${foldName(text)} ${foldName(text.replaceAll('-', ''))} ${text}`
  return query
    .split(/\s+/)
    .filter(typed => typed !== '')
    .every(typed => {
      const word = foldName(typed) || typed
      const known = synonyms.flatMap(([theirs, ours]) => (word.startsWith(theirs) ? ours : []))
      return [word, foldName(typed.replaceAll('-', '')) || typed, ...known].some(
        one => folded.includes(one) || folded.includes(` ${withoutEnding(one)}`),
      )
    })
}

/**
 * The topics with the questions whose heading or answer has every word of the query; topics without any are left out,
 * and those where a heading has them all come first.
 */
export function searchTopics(
  topics: readonly Topic[],
  query: string,
  read: (topic: TopicId, question: Question) => { heading: string; answer: string },
  synonyms: Synonyms,
): Topic[] {
  const found = topics.map(({ id, questions }) => {
    const texts = questions.map(question => ({ question, ...read(id, question) }))
    return {
      id,
      questions: texts
        .filter(({ heading, answer }) => hasEveryWord(`${heading} ${answer}`, query, synonyms))
        .map(({ question }) => question),
      inHeading: texts.some(({ heading }) => hasEveryWord(heading, query, synonyms)),
    }
  })
  return found
    .filter(({ questions }) => questions.length > 0)
    .sort((a, b) => Number(b.inHeading) - Number(a.inHeading))
    .map(({ id, questions }) => ({ id, questions }))
}
