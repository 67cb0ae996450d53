// A calendar day in the reader's language.
import { formatDay } from '@/lib/i18n/formats.ts'
import { getLocale } from '@/lib/i18n/server.ts'
import type { IsoDate } from '@/lib/platform/dates.ts'

export async function Day({ on }: { on: IsoDate }) {
  return (
    <time dateTime={on} className="figures">
      {formatDay(on, await getLocale())}
    </time>
  )
}
