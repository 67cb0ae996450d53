// Uploaded documents: a link to each that may be opened, what it is, and what became of it.
import type { ShownDocument } from '@/lib/files/queries.ts'
import { formatFileSize, formatInstant } from '@/lib/i18n/formats.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { Icon } from './ui/icon.tsx'

const TYPES = { 'application/pdf': 'PDF', 'image/jpeg': 'JPEG', 'image/png': 'PNG' } as const

type DocumentListProps = { documents: ShownDocument[]; forStaff?: boolean }

/** `forStaff`: they are told of scanning too; whoever sent a document only where it does not open. */
export async function DocumentList({ documents, forStaff = false }: DocumentListProps) {
  const t = await getTranslations('documentList')
  const locale = await getLocale()
  return (
    <ul className="rows">
      {documents.map(({ id, name, type, bytes, state, removedAt }) => {
        const opens = state === 'clean' || state === 'unscanned'
        const day = removedAt ? formatInstant(removedAt, locale, 'Europe/Belgrade') : ''
        const about = [TYPES[type], formatFileSize(bytes, locale)]
        if (forStaff || !opens) about.push(t(`states.${state}`, { day }))
        return (
          <li key={id}>
            <div>
              <Icon name={opens ? 'doc' : 'no'} />
              <span>
                {opens ? <a href={`/documents/${id}`}>{name}</a> : name}
                <small>{about.join(' · ')}</small>
              </span>
            </div>
          </li>
        )
      })}
    </ul>
  )
}
