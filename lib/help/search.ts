// Finds answers by the words a person types. Pure.
import { foldName } from '../contracts/names.ts'
import type { Topic } from './topics.ts'

/** Endings change with case and number (`fatura`, `faturës`), so a long word needs to agree up to its last letters only. */
const withoutEnding = (word: string): string =>
  word.slice(0, word.length >= 6 ? -2 : word.length === 5 ? -1 : undefined)

/**
 * Whether every word of the query occurs in the text; without words it is true. Case and diacritics are folded, `email`
 * finds `e-mail`, and signs count where a word has nothing else (`**`).
 */
export function hasEveryWord(text: string, query: string): boolean {
  const folded = ` ${foldName(text)} ${foldName(text.replaceAll('-', ''))} ${text}`
  return query
    .split(/\s+/)
    .filter(typed => typed !== '')
    .map(typed => foldName(typed) || typed)
    .every(word => folded.includes(word) || folded.includes(` ${withoutEnding(word)}`))
}

/** The topics with the questions whose text has every word of the query; topics without any are left out. */
export function searchTopics(
  topics: readonly Topic[],
  query: string,
  textOf: (topic: string, question: string) => string,
): Topic[] {
  return topics
    .map(({ id, questions }) => ({
      id,
      questions: questions.filter(question => hasEveryWord(textOf(id, question), query)),
    }))
    .filter(({ questions }) => questions.length > 0)
}
