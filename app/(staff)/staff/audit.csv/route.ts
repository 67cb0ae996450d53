// What was found in the audit log, as a file.
import { readChosenEvents } from '@/lib/audit/chosen.ts'
import { exportAudit } from '@/lib/audit/queries.ts'
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { clock } from '@/lib/platform/clock.ts'
import { csvLine, csvResponse } from '@/lib/platform/csv.ts'
import { PORTAL_ZONE, timeIn } from '@/lib/platform/dates.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { auditWords } from '../audit/words.ts'

export async function GET(request: Request): Promise<Response> {
  const staff = await requireStaff('supervisor')
  const { chosen } = readChosenEvents(Object.fromEntries(new URL(request.url).searchParams))
  const events = await exportAudit(staff, chosen, clock.now())
  if (!events) return refuseStaff(staff)
  const t = await getTranslations('audit')
  const { what, who, why } = await auditWords()
  const isAdministrator = staff.role === 'administrator'
  const columns = [
    'id',
    'at',
    'who',
    'what',
    'about',
    'why',
    ...(isAdministrator ? (['address', 'request'] as const) : []),
  ] as const
  const lines = [
    csvLine(columns.map(name => t(`columns.${name}`))),
    ...events.map(event =>
      csvLine([
        event.id,
        timeIn(PORTAL_ZONE, event.at),
        who(event),
        what(event),
        event.case?.number ?? event.contract ?? event.data ?? event.account?.initials ?? '',
        why(event),
        ...(isAdministrator ? [event.address ?? '', event.requestId ?? ''] : []),
      ]),
    ),
  ]
  return csvResponse(lines, 'audit')
}
