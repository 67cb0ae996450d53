// Uploaded documents: a link to each that may be opened, what it is, and what became of it.

import type { ShownDocument } from '@/lib/files/queries.ts'
import { formatFileSize, formatInstant } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'
import { Icon } from './ui/icon.tsx'

const TYPES = { 'application/pdf': 'PDF', 'image/jpeg': 'JPEG', 'image/png': 'PNG' } as const

const mayOpen = ({ state }: ShownDocument): boolean => state === 'clean' || state === 'unscanned'

const dayOf = ({ removedAt }: ShownDocument, locale: Locale): string =>
  removedAt ? formatInstant(removedAt, locale, PORTAL_ZONE) : ''

/** Below a step of a case: what came with it. */
export async function StepDocuments({ documents }: { documents: ShownDocument[] }) {
  const t = await getTranslations('documentList')
  const locale = await getLocale()
  return documents.map(document => (
    <p key={document.id} className="wrap-anywhere">
      {mayOpen(document) ? (
        <a href={`/documents/${document.id}`}>{document.name}</a>
      ) : (
        `${document.name}: ${t(`states.${document.state}`, { day: dayOf(document, locale) })}`
      )}
    </p>
  ))
}

type DocumentListProps = { documents: ShownDocument[]; forStaff?: boolean }

/** `forStaff`: they are told of scanning too; whoever sent a document only where it does not open. */
export async function DocumentList({ documents, forStaff = false }: DocumentListProps) {
  const t = await getTranslations('documentList')
  const locale = await getLocale()
  return (
    <ul className="rows">
      {documents.map(document => {
        const { id, name, type, bytes, state } = document
        const opens = mayOpen(document)
        const day = dayOf(document, locale)
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
