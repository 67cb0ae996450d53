// What was refused, for metrics: by what the audit log calls it, or by the limit that was met. Nothing of who tried.

type Refused = { what: 'action' | 'limit'; name: string }
type Listener = (refused: Refused) => void

// On globalThis: the framework loads this module once per bundle.
const holder = globalThis as typeof globalThis & { dritaRefused?: Set<Listener> }
holder.dritaRefused ??= new Set()
const listeners = holder.dritaRefused

/** From now on `listener` is told of each thing that this process refuses. */
export function whenRefused(listener: Listener): void {
  listeners.add(listener)
}

export function tellRefused(refused: Refused): void {
  for (const listener of listeners) listener(refused)
}
