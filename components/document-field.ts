// The field for documents, the same on every form that takes them, and the texts of what may be wrong with them.
import { getTranslations } from '@/lib/i18n/server.ts'
import { env } from '@/lib/platform/env.ts'
import { ACCEPT } from '@/lib/uploads/rules.ts'
import type { FormFieldSpec } from './action-form.tsx'

/** For ActionForm: its field `documents`, and entries of its `errorTexts`. `label`: which documents are wanted. */
export async function documentField(
  label: string,
): Promise<{ field: FormFieldSpec; errorTexts: Record<string, string> }> {
  const t = await getTranslations('documentField')
  const errors = await getTranslations('errors')
  const { DOCUMENT_MAX_MB: megabytes, DOCUMENTS_PER_FORM: files } = env()
  return {
    field: {
      kind: 'file',
      name: 'documents',
      label,
      hint: t('hint', { megabytes, files }),
      again: t('again'),
      accept: ACCEPT,
      maxBytes: megabytes * 1_000_000,
      maxFiles: files,
    },
    errorTexts: {
      documentRequired: errors('documentRequired'),
      documentEmpty: errors('documentEmpty'),
      documentType: errors('documentType'),
      documentSize: errors('documentSize', { megabytes }),
      documentCount: errors('documentCount', { files }),
      documentsTooLarge: errors('documentsTooLarge', { megabytes, files }),
    },
  }
}
