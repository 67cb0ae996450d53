// What both steps of a new request show.
import { contractTitle } from '@/lib/billing/contract-title.ts'
import { type RequestCode, typeOf } from '@/lib/cases/catalogue.ts'
import type { getRequestForm } from '@/lib/cases/form-queries.ts'
import { newRequestPath } from '@/lib/cases/schema.ts'
import { atStart } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { inNormalCase } from '@/lib/platform/normal-case.ts'
import { getTranslations } from '@/lib/request/locale.ts'

export type Found = NonNullable<Awaited<ReturnType<typeof getRequestForm>>>

export const kindPath = ({ biller, code }: Pick<Found, 'biller' | 'code'>, kind: RequestCode): string =>
  `${newRequestPath({ biller: biller.code, code })}?type=${typeOf(kind)}&kind=${kind}`

/** A kind's name as it begins a line. */
export async function shownKind(country: Found['biller']['country']) {
  const t = await getTranslations('kinds')
  return (kind: RequestCode) => atStart(t(`${kind}.name`, { country }))
}

/** Of which contract, and by whom: nobody has to type it. */
export function OfContract({ found, locale }: { found: Found; locale: Locale }) {
  const { biller, code, customer } = found
  return (
    <p className="trail">
      <b>{contractTitle(found, locale)}</b>
      <small>
        {biller.name} · <span className="code">{code}</span> · {inNormalCase(customer)}
      </small>
    </p>
  )
}

const STEPS = ['type', 'what'] as const

export async function Steps({ current, back }: { current: (typeof STEPS)[number]; back?: string }) {
  const t = await getTranslations('request')
  return (
    <ol className="actions text-sm" aria-label={t('steps.label')}>
      {STEPS.map((step, index) => {
        const words = `${index + 1} ${t(`steps.${step}`)}`
        return (
          <li key={step} aria-current={step === current ? 'step' : undefined}>
            {step === current ? (
              <b>{words}</b>
            ) : step === 'type' && back ? (
              <a href={back}>{words}</a>
            ) : (
              <span className="text-muted">{words}</span>
            )}
          </li>
        )
      })}
    </ol>
  )
}
