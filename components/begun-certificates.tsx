// Applications for certificates that were left to pay first, and the way back to them.
import type { CertificateDraft } from '@/lib/cases/drafts.ts'
import { applicationPath } from '@/lib/certificates/schema.ts'
import { atStart } from '@/lib/i18n/formats.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { Notice } from './ui/notice.tsx'

export async function BegunCertificates({ drafts }: { drafts: CertificateDraft[] }) {
  const t = await getTranslations('certificates')
  const ofKind = await getTranslations('kinds')
  return (
    <Notice icon="doc">
      <p>{t('begun')}</p>
      <ul>
        {drafts.map(draft => (
          <li key={`${draft.kind} ${draft.code}`}>
            <a href={applicationPath(draft.kind, draft)}>
              {atStart(ofKind(`${draft.kind}.name`))}, <span className="code">{draft.code}</span>
            </a>
          </li>
        ))}
      </ul>
    </Notice>
  )
}
