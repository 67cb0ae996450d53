// Words of a document; on paper with the Albanian ones behind them where the reader chose another language.
import type { Words } from '@/lib/i18n/words.ts'

export function Bilingual({ words: { text, also, isCode } }: { words: Words }) {
  return (
    <>
      {isCode ? <span className="code">{text}</span> : text}
      {also !== undefined && also !== text && (
        <>
          {' '}
          <span lang="sq" className="also">
            {also}
          </span>
        </>
      )}
    </>
  )
}
