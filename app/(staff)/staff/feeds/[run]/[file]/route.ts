// The refused rows of a feed's file, as a spreadsheet reads them: customers' data by the file, past all limits on looks.
import { refuseStaff, requireStaff } from '@/lib/auth/guards.ts'
import { readFile, readRun } from '@/lib/feed/addresses.ts'
import { mayExportRefusals } from '@/lib/feed/queries.ts'
import { readPieces } from '@/lib/feed/upload-files.ts'
import { clock } from '@/lib/platform/clock.ts'
import { csvStream } from '@/lib/platform/csv.ts'

export async function GET(
  _: Request,
  { params }: { params: Promise<{ run: string; file: string }> },
): Promise<Response> {
  const staff = await requireStaff('supervisor')
  const given = await params
  const [run, file] = [readRun(given.run), readFile(given.file)]
  if (run === undefined || !file || !(await mayExportRefusals(staff, run, file, clock.now())))
    return refuseStaff(staff)
  return csvStream(readPieces(run, 'refusals', file), `refused-${run}-${file}`)
}
