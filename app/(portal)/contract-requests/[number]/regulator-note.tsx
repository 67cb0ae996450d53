// The way on where the company's answer is late or does not convince: the file for its regulator.
import { ButtonLink } from '@/components/ui/button.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { regulatorOf, regulatorReason } from '@/lib/cases/regulator.ts'
import type { ShownRequest } from '@/lib/cases/request-queries.ts'
import { requestPath } from '@/lib/cases/schema.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'

export function RegulatorNote({ one, locale }: { one: ShownRequest; locale: Locale }) {
  const regulator = regulatorOf(one.biller.code)
  if (!regulator || !one.isOwn || one.state === 'withdrawn') return null
  const t = translator(locale, 'requests')
  const why = regulatorReason(one)
  if (!why) return <Notice>{t('regulator.later', { regulator })}</Notice>
  return (
    <Notice>
      <p>
        {t.rich('regulator.now', {
          regulator,
          why: why === 'late' && !one.deadline ? 'wasLate' : why,
          b: chunks => <b>{chunks}</b>,
        })}
      </p>
      <p className="actions mt-3">
        <ButtonLink
          href={`${requestPath(one.biller.code, one.contract.code, one.number)}/regulator.pdf`}
          look="secondary"
          icon="print"
        >
          {t('regulator.open')}
        </ButtonLink>
      </p>
    </Notice>
  )
}
