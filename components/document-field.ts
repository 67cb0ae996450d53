// The field for documents, the same on every form that takes them, and the texts of what may be wrong with them.
import { MOST_MEGAPIXELS } from '@/lib/files/pictures.ts'
import { ACCEPT } from '@/lib/files/rules.ts'
import { DOCUMENTS_FIELD, KEPT_DOCUMENTS_FIELD } from '@/lib/files/schema.ts'
import { fillText, texts } from '@/lib/i18n/texts.ts'
import { env } from '@/lib/platform/env.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { FormFieldSpec } from './action-form.tsx'
import type { FileTexts } from './form-fields.tsx'

/** For ActionForm: its field `documents`, and entries of its `errorTexts`. `label`: which documents are wanted. */
export async function documentField(
  label: string,
): Promise<{ field: FormFieldSpec; errorTexts: Record<string, string> }> {
  const t = await getTranslations('documentField')
  const errors = await getTranslations('errors')
  const { DOCUMENT_MAX_MB: megabytes, DOCUMENTS_PER_FORM: files, DOCUMENT_DAYS: days } = env()
  const raw = texts(errors, [
    'documentRequired',
    'documentEmpty',
    'documentType',
    'documentHeic',
    'documentPicture',
    'documentOffice',
    'documentArchive',
    'documentDamaged',
    'documentPixels',
    'documentBusy',
    'documentEncrypted',
    'documentSize',
    'documentCount',
    'documentsLeftOut',
    'documentGone',
    'documentNotStored',
    'documentInfected',
    'documentQuota',
    'documentsTooLarge',
  ])
  // The names of files are filled in where the form shows them.
  const filled = Object.entries(raw).map(([key, text]) => [
    key,
    fillText(text, { megabytes, files, megapixels: MOST_MEGAPIXELS, quota: env().DOCUMENTS_PER_ACCOUNT }),
  ])
  return {
    field: {
      kind: 'file',
      name: DOCUMENTS_FIELD,
      label,
      hint: `${t('hint', { megabytes, files })} ${t('removal', { days })}`,
      accept: ACCEPT,
      maxBytes: megabytes * 1_000_000,
      maxFiles: files,
      kept: {
        name: KEPT_DOCUMENTS_FIELD,
        legend: t.raw('kept'),
        hint: t('keptHint'),
        more: t('more'),
      },
    },
    errorTexts: Object.fromEntries(filled),
  }
}

/** For Form: what its field for documents says. Which documents are wanted is the field's label. */
export async function documentTexts(): Promise<FileTexts> {
  const t = await getTranslations('documentField')
  const errors = await getTranslations('errors')
  const { DOCUMENT_MAX_MB: megabytes, DOCUMENTS_PER_FORM: files, DOCUMENT_DAYS: days } = env()
  return {
    hint: `${t('hint', { megabytes, files })} ${t('removal', { days })}`,
    accept: ACCEPT,
    maxBytes: megabytes * 1_000_000,
    maxFiles: files,
    kept: { name: KEPT_DOCUMENTS_FIELD, legend: t.raw('kept'), hint: t('keptHint'), more: t('more') },
    tooMany: fillText(errors.raw('documentCount'), { files }),
    tooLarge: fillText(errors.raw('documentSize'), { megabytes }),
  }
}
