// The one place that reads the time; everything else takes `now`.
export const clock = { now: (): Date => new Date() }
