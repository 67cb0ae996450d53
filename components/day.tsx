// A calendar day in the reader's language.
import { formatDay } from '@/lib/i18n/formats.ts'
import type { IsoDate } from '@/lib/platform/dates.ts'
import { getLocale } from '@/lib/request/locale.ts'

export async function Day({ on }: { on: IsoDate }) {
  return (
    <time dateTime={on} className="whitespace-nowrap">
      {formatDay(on, await getLocale())}
    </time>
  )
}
