// The simulated RaiAccept's calls to its merchant's server: unsigned, and with the card in them.
import type { Order, Transaction } from './raiaccept-bank.ts'

/** How the next webhooks are sent. `held`: only when they are released; `againMs`: until the next call after an error. */
export type WebhookMode = { times: number; delayMs: number; lost: boolean; held: boolean; againMs: number }

export const AT_ONCE: WebhookMode = { times: 1, delayMs: 0, lost: false, held: false, againMs: 2000 }

const TRIES = 5

export class Webhooks {
  mode = AT_ONCE
  /** Each call with the status of its answer; 0: none came. */
  readonly sent: { reference: string; status: number }[] = []
  private held: (() => void)[] = []
  private readonly timers = new Set<NodeJS.Timeout>()

  /** As a bank does that is answered with an error or not at all, calls again, a few times. */
  send(order: Order, transaction: Transaction, described: object): void {
    const { times, delayMs, lost, held } = this.mode
    if (lost || !order.urls.notificationUrl) return
    const body = JSON.stringify({
      order: {
        orderIdentification: order.id,
        isProduction: transaction.isProduction,
        createdOn: order.createdOn,
        invoice: { merchantOrderReference: order.reference },
      },
      transaction: described,
      merchant: { merchantName: 'A merchant' },
      card: { cardNumber: '400000******0002', expiryDate: '12/30', cardHolderName: 'A HOLDER' },
    })
    const call = () => {
      for (let time = 0; time < times; time++) this.later(delayMs, () => this.call(order, body, 1))
    }
    if (held) this.held.push(call)
    else call()
  }

  /** Sends what was held back, the last first with `reversed`. */
  release(order: 'as-made' | 'reversed' = 'as-made'): void {
    const calls = this.held.splice(0)
    for (const call of order === 'reversed' ? calls.reverse() : calls) call()
  }

  later(ms: number, work: () => unknown): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      void work()
    }, ms)
    this.timers.add(timer)
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer)
  }

  private async call(order: Order, body: string, tried: number): Promise<void> {
    const status = await fetch(order.urls.notificationUrl!, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
      signal: AbortSignal.timeout(10_000),
    }).then(
      response => response.status,
      () => 0,
    )
    this.sent.push({ reference: order.reference, status })
    if (status >= 300 || status === 0) {
      if (tried < TRIES) this.later(this.mode.againMs, () => this.call(order, body, tried + 1))
    }
  }
}
