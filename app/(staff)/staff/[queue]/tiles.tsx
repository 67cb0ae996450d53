// What waits in the queue of requests: what is late, what will be, what nobody has taken, what waits for customers, one's own.
import { Chip } from '@/components/ui/chip.tsx'
import { queuePath } from '@/lib/cases/chosen.ts'
import { type Chosen, COUNTED, type QueueSummary, type Tile } from '@/lib/cases/queue.ts'
import { formatDay, formatInstant } from '@/lib/i18n/formats.ts'
import { clock } from '@/lib/platform/clock.ts'
import { dayIn, daysBetween, PORTAL_ZONE } from '@/lib/platform/dates.ts'
import { getLocale, getTranslations } from '@/lib/request/locale.ts'

const TILES = [
  ['late', { due: 'late' }],
  ['soon', { due: 'soon' }],
  ['pending', { state: 'pending' }],
  ['waiting', { state: 'waiting' }],
  ['mine', { mine: 'yes' }],
] as const satisfies [keyof QueueSummary, Chosen][]

export async function Tiles({ queue, summary }: { queue: string; summary: QueueSummary }) {
  const t = await getTranslations('cases')
  const ofStaff = await getTranslations('staff')
  const locale = await getLocale()
  const today = dayIn(PORTAL_ZONE, clock.now())
  const below = (name: (typeof TILES)[number][0], { first }: Tile) => {
    if (!first) return ofStaff('nothing')
    // The last day that is over: its row counts from it in days of its own limit.
    if (name === 'late')
      return t('tiles.first', { at: formatDay(dayIn(PORTAL_ZONE, new Date(first.getTime() - 1)), locale) })
    if (name === 'soon' || name === 'mine')
      return t('tiles.first', { at: formatInstant(new Date(first.getTime() - 1), locale, PORTAL_ZONE) })
    return ofStaff('oldest', { days: Math.max(0, daysBetween(dayIn(PORTAL_ZONE, first), today)) })
  }
  return (
    <div className="tiles">
      {TILES.map(([name, chosen]) => {
        const tile = summary[name]
        const label = t(`tiles.${name}`)
        return (
          <a key={name} className="card" href={queuePath(queue, 'open', chosen)}>
            {name === 'late' && tile.count > 0 ? (
              <span>
                <Chip tone="bad">{label}</Chip>
              </span>
            ) : (
              <small>{label}</small>
            )}
            <b className="figure">
              {tile.count > COUNTED ? ofStaff('more', { count: COUNTED }) : tile.count}
            </b>
            <small>{below(name, tile)}</small>
          </a>
        )
      })}
    </div>
  )
}
