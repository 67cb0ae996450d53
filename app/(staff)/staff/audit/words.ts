// An event of the audit log in plain words, for the page and the file.
import { sentenceOf } from '@/lib/audit/actions.ts'
import type { ShownEvent } from '@/lib/audit/queries.ts'
import { getAnyTexts, getTranslations } from '@/lib/request/locale.ts'

export async function auditWords() {
  const t = await getTranslations('audit')
  const any = await getAnyTexts('audit')
  return {
    /** What was done; what has no sentence, by its code. */
    what: ({ action }: ShownEvent): string => {
      const key = sentenceOf(action)
      return key ? any(`actions.${key}`) : action
    },
    who: ({ doer, name }: ShownEvent): string => {
      if (doer === 'staff') return name ?? t('who.staff')
      return doer === 'customer' ? t('who.customer', { initials: name ?? '' }) : t(`who.${doer}`)
    },
    /** Reasons that staff chose have words; others are their own. */
    why: ({ reason }: ShownEvent): string =>
      reason === null ? '' : any.has(`reasons.${reason}`) ? any(`reasons.${reason}`) : reason,
  }
}
