// The one place that reads the time; everything else takes `now`.

// On globalThis: the framework loads this module once per bundle.
const holder = globalThis as typeof globalThis & { dritaClock?: { behindMs: number } }
holder.dritaClock ??= { behindMs: 0 }

/** So far the machine's clock is behind the one that all nodes go by (database-clock.ts). */
export const machine = holder.dritaClock

export const clock = { now: (): Date => new Date(Date.now() + machine.behindMs) }
