// What somebody can do whom a bill surprises.
import { Card } from '@/components/ui/card.tsx'
import { Rows } from '@/components/ui/rows.tsx'
import { supplyOf } from '@/lib/billers/supply.ts'
import type { Comparison } from '@/lib/billing/compare-queries.ts'
import { kindsOfType } from '@/lib/cases/catalogue.ts'
import { newRequestPath } from '@/lib/cases/schema.ts'
import { appliancePath, usesMostIn } from '@/lib/estimator/address.ts'
import { formatNumber } from '@/lib/i18n/formats.ts'
import type { Locale } from '@/lib/i18n/locale.ts'
import { translator } from '@/lib/i18n/translator.ts'
import { readingsPath } from '@/lib/readings/schema.ts'

type NextProps = Pick<Comparison, 'contract' | 'bill'> & { locale: Locale }

export function NextSteps({ contract, bill, locale }: NextProps) {
  const { biller, code, meterRemote, tariffGroup } = contract
  const t = translator(locale, 'compare')
  const supply = supplyOf(biller.code)
  const { currentReading } = bill
  // Where it hears nothing of bills, what is said of one is of its payment.
  const type = kindsOfType('F', biller.code).length > 0 ? 'F' : 'P'
  return (
    <div className="print:hidden">
      <Card labelledBy="next" title={t('next.title')}>
        <Rows
          rows={[
            ...(supply === 'electricity'
              ? [
                  {
                    id: 'estimator',
                    icon: 'calc' as const,
                    href: appliancePath(
                      tariffGroup === null ? null : { biller: biller.code, group: tariffGroup },
                      usesMostIn(bill.period),
                    ),
                    title: t('next.estimator'),
                    note: t('next.estimatorNote'),
                  },
                ]
              : []),
            ...(biller.unit === 'none' || meterRemote
              ? []
              : [
                  {
                    id: 'reading',
                    icon: 'meter' as const,
                    href: readingsPath({ biller: biller.code, code }),
                    title: t('next.reading'),
                    note:
                      currentReading === null
                        ? t('next.readingNoteUnknown')
                        : t('next.readingNote', { reading: formatNumber(currentReading, locale) }),
                  },
                ]),
            {
              id: 'complain',
              icon: 'request',
              href: `${newRequestPath({ biller: biller.code, code })}?type=${type}&invoice=${bill.id}`,
              title: t('next.complain', { supply }),
            },
          ]}
        />
      </Card>
    </div>
  )
}
