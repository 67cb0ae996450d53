// A queue as a file: what its page shows with the same filters, in the same order.
import { notFound } from 'next/navigation'
import { requireStaff } from '@/lib/auth/guards.ts'
import { readChosen } from '@/lib/cases/chosen.ts'
import { deadlineShort, publicState } from '@/lib/cases/deadline-words.ts'
import { kindsIn } from '@/lib/cases/kinds.ts'
import { EXPORTED, exportCases, isOfRequests, type ListedCase } from '@/lib/cases/queue.ts'
import { isDecided } from '@/lib/cases/rules.ts'
import { shownNumber } from '@/lib/cases/schema.ts'
import { clock } from '@/lib/platform/clock.ts'
import { csvLine, csvResponse } from '@/lib/platform/csv.ts'
import { dayIn, PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

type Column = [label: string, cell: (one: ListedCase) => string]
const column = (...of: Column): Column => of

export async function GET(
  request: Request,
  { params }: { params: Promise<{ queue: string }> },
): Promise<Response> {
  const staff = await requireStaff()
  const { queue } = await params
  if (kindsIn(queue).length === 0) notFound()
  const { part, chosen } = readChosen(queue, Object.fromEntries(new URL(request.url).searchParams))
  const now = clock.now()
  const { cases, isCut } = await exportCases(staff, queue, part, now, chosen)
  const t = await getTranslations('cases')
  const ofRequest = await getTranslations('requests')
  const ofKind = await getTranslations('kinds')
  const words = await getTranslations('words')
  const locale = await getLocale()
  const ofRequests = isOfRequests(queue)
  const stateOf = (one: ListedCase) => {
    if (publicState(one) === 'late') return ofRequest('states.late')
    return t(`${ofRequests && isDecided(one.state) ? 'requestStates' : 'states'}.${one.state as 'accepted'}`)
  }
  const day = (at: Date | null, zone: string) => (at ? dayIn(zone, at) : '')
  const columns: Column[] = [
    [t('columns.number'), shownNumber],
    [t('columns.kind'), one => ofKind(`${one.kind}.name`, { country: one.country })],
    [words('company'), one => one.biller],
    [t(ofRequests ? 'columns.client' : 'columns.name'), one => one.title],
    ...(ofRequests ? [] : [column(t('columns.about'), one => one.about)]),
    [t('columns.takenBy'), one => one.takenBy ?? ''],
    [t('columns.state'), stateOf],
    [t('columns.received'), one => day(one.createdAt, one.timeZone)],
    [t('columns.decided'), one => day(one.decidedAt, one.timeZone)],
    ...(ofRequests
      ? [
          column(t('columns.lastDay'), one =>
            day(one.dueAt && new Date(one.dueAt.getTime() - 1), one.timeZone),
          ),
          column(t('columns.due'), one => deadlineShort({ ...one, biller: one }, locale)),
        ]
      : []),
  ]
  const lines = [
    csvLine(columns.map(([label]) => label)),
    ...cases.map(one => csvLine(columns.map(([, cell]) => cell(one)))),
    ...(isCut ? [csvLine([t('csv.cut', { count: EXPORTED })])] : []),
  ]
  return csvResponse(lines, `${queue}-${dayIn(PORTAL_ZONE, now)}`)
}
