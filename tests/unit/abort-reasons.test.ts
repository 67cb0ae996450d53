// What a finished request held is let go, though the reason that its signal was aborted with is kept.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import v8 from 'node:v8'
import vm from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { letGoOfAbortReasons } from '../../lib/http/abort-reasons.ts'

const storage = new AsyncLocalStorage<object>()
const kept: AbortSignal[] = []
let collectGarbage: () => void

/** Five requests end in the same turn as React ends them; the signal of the first is kept. How many are still held? */
async function held(): Promise<number> {
  const requests: WeakRef<object>[] = []
  for (let index = 0; index < 5; index++) {
    const request = { body: new Uint8Array(1000) }
    requests.push(new WeakRef(request))
    storage.run(request, () =>
      setImmediate(() => {
        const controller = new AbortController()
        controller.abort(new Error('The render was completed.'))
        if (index === 0) kept.push(controller.signal)
      }),
    )
  }
  await sleep(20)
  collectGarbage()
  await sleep(20)
  collectGarbage()
  return requests.filter(request => request.deref()).length
}

describe('reasons of aborted signals', () => {
  const { abort } = AbortController.prototype
  beforeAll(() => {
    v8.setFlagsFromString('--expose-gc')
    collectGarbage = vm.runInNewContext('gc')
  })
  afterAll(() => {
    AbortController.prototype.abort = abort
  })

  it('hold the requests of the same turn where nothing is done about it, until Node.js 24', async () => {
    const asBefore = Number(process.versions.node.split('.')[0]) < 24
    expect((await held()) > 1).toBe(asBefore)
  })

  it('let them go', async () => {
    letGoOfAbortReasons()
    expect(await held()).toBeLessThanOrEqual(1)
    expect((kept.at(-1)!.reason as Error).message).toBe('The render was completed.')
  })
})
