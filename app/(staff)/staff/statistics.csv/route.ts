// The same figures as a file.
import { requireStaff } from '@/lib/auth/guards.ts'
import { listBillers } from '@/lib/billers/queries.ts'
import { getStatistics, readPeriod } from '@/lib/cases/statistics.ts'
import { clock } from '@/lib/platform/clock.ts'
import { csvLine, csvResponse } from '@/lib/platform/csv.ts'
import { getTranslations } from '@/lib/request/locale.ts'

const FIGURES = [
  'openBefore',
  'came',
  'closed',
  'resolved',
  'refused',
  'cancelled',
  'medianDays',
  'late',
  'open',
] as const

export async function GET(request: Request): Promise<Response> {
  const staff = await requireStaff()
  const asked = new URL(request.url).searchParams
  const period = readPeriod(asked.get('days'))
  const billers = await listBillers(staff.billerIds)
  const biller = billers.find(({ code }) => code === asked.get('biller')) ?? billers[0]
  const { kinds } = await getStatistics(staff, biller?.id, period, clock.now(), 'statistics.exported')
  const t = await getTranslations('statistics')
  const ofKind = await getTranslations('kinds')
  const lines = [
    csvLine(['', t('columns.kind'), ...FIGURES.map(name => t(`columns.${name}`))]),
    ...kinds.map(({ kind, ...figures }) =>
      csvLine([
        kind,
        ofKind(`${kind}.name`, { country: 'AL' }),
        ...FIGURES.map(name => Number((figures[name] ?? 0).toFixed(1))),
      ]),
    ),
  ]
  return csvResponse(lines, `requests-${period}`)
}
