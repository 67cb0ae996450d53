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
 * The topics with the questions whose heading or answer has every word of the query; topics without any are left out. First what is
 * asked in the heading: of several, the one that says least besides.
 */
export function searchTopics(
  topics: readonly Topic[],
  query: string,
  read: (topic: TopicId, question: Question) => { heading: string; answer: string },
  synonyms: Synonyms,
): Topic[] {
  const found = topics.map(({ id, questions }) => {
    const ranked = questions
      .map(question => ({ question, ...read(id, question) }))
      .filter(({ heading, answer }) => hasEveryWord(`${heading} ${answer}`, query, synonyms))
      .map(({ question, heading }) => ({
        question,
        besides: hasEveryWord(heading, query, synonyms) ? heading.split(/\s+/).length : MOST_WORDS,
      }))
      .sort((a, b) => a.besides - b.besides)
    return {
      id,
      questions: ranked.map(({ question }) => question),
      besides: ranked[0]?.besides ?? MOST_WORDS,
    }
  })
  return found
    .filter(({ questions }) => questions.length > 0)
    .sort((a, b) => a.besides - b.besides)
    .map(({ id, questions }) => ({ id, questions }))
}

/** More than a heading has. */
const MOST_WORDS = 1000
