// Calls from the simulated bank's server to a shop's: at once, late, several times, in another order, or never.
import { setTimeout as sleep } from 'node:timers/promises'

export type CallFaults = {
  /** Calls are kept until they are released, or never made. */
  callbacks: 'sent' | 'held' | 'lost'
  /** Each call is made so often. */
  copies: number
  callbackDelayMs: number
  /** A call that is not answered with 2xx is repeated so often, each time after so long. */
  repeats: number
  repeatMs: number
}

type Call = { url: string; body: string }

export class Calls {
  /** Calls that were made, with the status that came; 0 where none did. */
  readonly made: (Call & { status: number })[] = []
  private readonly faults: CallFaults
  private readonly ended = new AbortController()
  private readonly underWay = new Set<Promise<void>>()
  private held: Call[] = []

  constructor(faults: CallFaults) {
    this.faults = faults
  }

  /** Resolves when the call was made. */
  async send(url: string, fields: Record<string, string>, delayMs = 0): Promise<void> {
    const { callbacks, copies, callbackDelayMs } = this.faults
    const call = { url, body: new URLSearchParams(fields).toString() }
    const calls = Array.from({ length: copies }, () => call)
    if (callbacks === 'held') this.held.push(...calls)
    if (callbacks === 'sent') await this.track(this.makeAll(calls, delayMs + callbackDelayMs))
  }

  /** Makes those that were held. */
  release(order?: 'reversed'): Promise<void> {
    const calls = order ? this.held.toReversed() : this.held
    this.held = []
    return this.track(this.makeAll(calls, 0))
  }

  /** Until every call was made. */
  async settle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay)
  }

  /** Gives up what was not made yet. */
  async stop(): Promise<void> {
    this.ended.abort()
    await this.settle()
  }

  private track(work: Promise<void>): Promise<void> {
    const done = work.catch(() => {}).finally(() => this.underWay.delete(done))
    this.underWay.add(done)
    return done
  }

  private async makeAll(calls: Call[], delayMs: number): Promise<void> {
    await this.wait(delayMs)
    for (const call of calls) await this.make(call)
  }

  private async make({ url, body }: Call): Promise<void> {
    for (let again = 0; again <= this.faults.repeats; again++) {
      if (again > 0) await this.wait(this.faults.repeatMs)
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body,
        signal: this.ended.signal,
      }).catch(() => undefined)
      this.made.push({ url, body, status: response?.status ?? 0 })
      if (response?.ok) return
    }
  }

  private wait = (ms: number) => sleep(ms, undefined, { signal: this.ended.signal })
}
