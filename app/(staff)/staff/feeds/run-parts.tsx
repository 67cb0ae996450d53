// What the list of feeds and the page of one say alike.
import { Chip, type Tone } from '@/components/ui/chip.tsx'
import type { RunState } from '@/lib/feed/queries.ts'
import { getTranslations } from '@/lib/request/locale.ts'

const TONES: Record<RunState, Tone> = {
  queued: 'plain',
  running: 'wait',
  loaded: 'good',
  partly: 'bad',
  refused: 'bad',
}

export async function StateChip({ state }: { state: RunState }) {
  const t = await getTranslations('feeds')
  return <Chip tone={TONES[state]}>{t(`states.${state}`)}</Chip>
}

/** Who brought it. */
export async function Source({ token }: { token: number | null }) {
  const t = await getTranslations('feeds')
  return token === null ? t('byCommand') : t('byToken', { token: String(token) })
}

const MINUTE_MS = 60_000

/** How long it took; nothing while it goes on. */
export async function Duration({ from, to }: { from: Date; to: Date | null }) {
  const t = await getTranslations('feeds')
  if (!to) return null
  const ms = to.getTime() - from.getTime()
  return ms < MINUTE_MS
    ? t('seconds', { count: Math.max(1, Math.round(ms / 1000)) })
    : t('minutes', { count: Math.round(ms / MINUTE_MS) })
}
