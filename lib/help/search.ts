// Finds answers by the words a person types. Pure.
import { foldName } from '../platform/names.ts'
import type { Question, Topic, TopicId } from './topics.ts'

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

/**
 * The topics with the questions whose heading or answer has every word of the query; topics without any are left out,
 * and those where a heading has them all come first.
 */
export function searchTopics(
  topics: readonly Topic[],
  query: string,
  read: (topic: TopicId, question: Question) => { heading: string; answer: string },
): Topic[] {
  const found = topics.map(({ id, questions }) => {
    const texts = questions.map(question => ({ question, ...read(id, question) }))
    return {
      id,
      questions: texts
        .filter(({ heading, answer }) => hasEveryWord(`${heading} ${answer}`, query))
        .map(({ question }) => question),
      inHeading: texts.some(({ heading }) => hasEveryWord(heading, query)),
    }
  })
  return found
    .filter(({ questions }) => questions.length > 0)
    .sort((a, b) => Number(b.inHeading) - Number(a.inHeading))
    .map(({ id, questions }) => ({ id, questions }))
}
