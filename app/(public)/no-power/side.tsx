// Beside what is known: danger, what to do once disconnected, and whom to call.
import { Card } from '@/components/ui/card.tsx'
import { Icon, type IconName } from '@/components/ui/icon.tsx'
import { Notice } from '@/components/ui/notice.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import type { BillerOutages } from '@/lib/supply/queries.ts'
import { RECONNECTION_HOURS } from '@/lib/supply/rules.ts'
import { EMERGENCY } from '@/lib/supply/schema.ts'

export function Danger({ locale }: { locale: Locale }) {
  return (
    <Notice tone="bad">
      <p>
        {translator(locale, 'noPower').rich('danger', {
          number: EMERGENCY,
          b: chunks => <b>{chunks}</b>,
          phone: chunks => <a href={`tel:${EMERGENCY}`}>{chunks}</a>,
        })}
      </p>
    </Notice>
  )
}

const STEPS: ['pay' | 'known' | 'back', IconName][] = [
  ['pay', 'pay'],
  ['known', 'check'],
  ['back', 'sun'],
]

export function Steps({ locale }: { locale: Locale }) {
  const t = translator(locale, 'noPower')
  return (
    <Card labelledBy="steps" title={t('steps.title')}>
      <ol className="timeline">
        {STEPS.map(([step, icon]) => (
          <li key={step}>
            <Icon name={icon} />
            <b>{t(`steps.${step}.title`, { hours: RECONNECTION_HOURS })}</b>
            <small>{t(`steps.${step}.text`)}</small>
            {step === 'back' && <p>{t('steps.back.late')}</p>}
          </li>
        ))}
      </ol>
    </Card>
  )
}

export function Phones({ billers, locale }: { billers: BillerOutages[]; locale: Locale }) {
  const rows = billers.flatMap(({ code, name, phone }) =>
    phone
      ? [
          {
            id: code,
            icon: 'phone' as const,
            href: `tel:${phone.replace(/\s/g, '')}`,
            title: phone.replaceAll(' ', '\u00a0'),
            note: name,
          },
        ]
      : [],
  )
  if (rows.length === 0) return null
  return (
    <Card labelledBy="phones" title={translator(locale, 'noPower')('phones.title')}>
      <Rows rows={rows} />
      <small>{translator(locale, 'help')('otherCompanies')}</small>
    </Card>
  )
}
