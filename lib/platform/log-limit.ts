// What anybody can bring about is logged a few times a minute, so that nobody fills the log.
const MOST = 10
const MINUTE_MS = 60_000

const minutes = new Map<string, { beganAt: number; count: number }>()

/**
 * Whether one more line of this kind may be written, and how many were left out before it. Kinds are of the program's
 * making: as many as there are are remembered.
 */
export function mayLog(kind: string): { leftOut?: number } | undefined {
  const now = Date.now()
  const minute = minutes.get(kind)
  if (minute && now - minute.beganAt < MINUTE_MS) {
    minute.count += 1
    return minute.count > MOST ? undefined : {}
  }
  minutes.set(kind, { beganAt: now, count: 1 })
  return minute && minute.count > MOST ? { leftOut: minute.count - MOST } : {}
}
