import { ACCEPT } from '@/lib/files/rules.ts'
import type { Field } from '@/lib/forms/form.ts'
import { KEPT_FILES_FIELD } from '@/lib/forms/state.ts'
import { fillText } from '@/lib/i18n/texts.ts'
import { env } from '@/lib/platform/env.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import type { FileTexts } from './form-field.tsx'

/** For Form: what its field for documents says. Which documents are wanted is the field's label. */
export async function documentTexts({
  megabytes: most,
  passing,
  keptFrom,
}: Extract<Field, { kind: 'files' }>): Promise<FileTexts> {
  const t = await getTranslations('documentField')
  const errors = await getTranslations('errors')
  const { DOCUMENTS_PER_FORM, DOCUMENT_DAYS: days } = env()
  const megabytes = most()
  const files = passing ? 1 : DOCUMENTS_PER_FORM
  return {
    hint: passing
      ? t('passing', { format: passing.split('.').at(-1)!.toUpperCase(), megabytes })
      : `${t('hint', { megabytes, files })} ${t('removal', { days, keptFrom: keptFrom ?? 'decision' })}`,
    accept: passing ?? ACCEPT,
    maxBytes: megabytes * 1_000_000,
    maxFiles: files,
    kept: { name: KEPT_FILES_FIELD, legend: t.raw('kept'), hint: t('keptHint'), more: t('more') },
    tooMany: fillText(errors.raw('documentCount'), { files }),
    tooLarge: fillText(passing ? t.raw('passingTooLarge') : errors.raw('documentSize'), { megabytes }),
    sending: t.raw('sending'),
    sent: t('sent'),
  }
}
