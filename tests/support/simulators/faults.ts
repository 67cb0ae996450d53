// What goes wrong at a simulated bank, as a test asks for it.

/**
 * What becomes of a request. A number: it is answered with this status and not carried out. `silent`: not carried out, never answered.
 * `lost`: carried out, and no answer comes. `delayMs`: carried out so much later.
 */
export type Fault = number | 'silent' | 'lost' | { delayMs: number }

export type Faults = {
  /** From now on the next `times` requests whose line (`POST /orders`) fits; one by default. */
  add: (which: RegExp, fault: Fault, times?: number) => void
  /** Takes what was added for this request, the first first. */
  take: (line: string) => Fault | undefined
  clear: () => void
}

export function createFaults(): Faults {
  const waiting: { which: RegExp; fault: Fault; times: number }[] = []
  return {
    add: (which, fault, times = 1) => void waiting.push({ which, fault, times }),
    take: line => {
      const found = waiting.find(({ which, times }) => times > 0 && which.test(line))
      if (found) found.times -= 1
      return found?.fault
    },
    clear: () => void waiting.splice(0),
  }
}
