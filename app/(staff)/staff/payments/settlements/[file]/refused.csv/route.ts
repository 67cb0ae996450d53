// The rows of a settlement file that were not taken, as a spreadsheet reads them: by line, without what stands in them.
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { recordLook } from '@/lib/payment-desk/looks.ts'
import { clock } from '@/lib/platform/clock.ts'
import { csvLine, csvResponse } from '@/lib/platform/csv.ts'
import { getTranslations } from '@/lib/request/locale.ts'
import { getSettlementFile } from '@/lib/settlements/queries.ts'
import { readFileId } from '@/lib/settlements/schema.ts'

export async function GET(_: Request, { params }: { params: Promise<{ file: string }> }): Promise<Response> {
  const staff = await requireStaff()
  const id = readFileId((await params).file)
  const file = id === undefined ? undefined : await getSettlementFile(staff, id)
  if (!file) return refuseStaff(staff)
  await recordLook(staff, 'settlements.viewed', { file: file.id }, clock.now())
  const t = await getTranslations('settlements')
  return csvResponse(
    [
      csvLine([t('columns.line'), t('columns.column'), t('columns.reason')]),
      ...file.refusedRows.map(({ line, reason, column }) =>
        csvLine([line, column ?? '', t(`reasons.${reason}`)]),
      ),
    ],
    `settlement-${file.id}-refused`,
  )
}
