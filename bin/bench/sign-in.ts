// Sign-ins a second against bare argon2id, and whether the time they take tells if an account exists.
import { hash, verify } from '@node-rs/argon2'
import { customer } from './data.ts'
import { differenceOfMedians, median, printTable, range } from './figures.ts'
import { type Send, type Server, signInForms } from './servers.ts'

const AT_ONCE = 8

/** In its first thousand requests a process needs a quarter more. */
const WARM_UP = 1_000

export async function measureSignIn(portal: Server, rounds: number, tries: number): Promise<void> {
  const { username, password } = customer
  const passwordHash = await hash(password)
  const signIns: number[] = []
  const bare: number[] = []
  const cpu: number[] = []
  const signInTimes = async (count: number) => {
    const send = await signInForms(portal.url, count)
    const before = portal.cpuSeconds()
    const aSecond = await rate(count, async () => {
      const answer = await send(username, password)
      await answer.arrayBuffer()
      if (answer.status !== 303) throw new Error(`Signing in was answered with ${answer.status}.`)
    })
    return { aSecond, cpuMs: ((portal.cpuSeconds() - before) / count) * 1000 }
  }
  await signInTimes(WARM_UP)
  for (let round = 0; round < rounds; round++) {
    const { aSecond, cpuMs } = await signInTimes(tries)
    signIns.push(aSecond)
    cpu.push(cpuMs)
    bare.push(await rate(tries, () => verify(passwordHash, password)))
  }
  console.log(`\nSign-ins, ${AT_ONCE} at once, ${rounds} rounds of ${tries} in turn`)
  printTable([
    ['', 'portal', 'bare argon2id', 'ratio (range)'],
    [
      'a second',
      median(signIns).toFixed(0),
      median(bare).toFixed(0),
      range(signIns.map((value, index) => value / bare[index]!)),
    ],
    ['CPU ms', median(cpu).toFixed(1), '', ''],
  ])
  await compareAnswers(await signInForms(portal.url, 2 * rounds * tries), rounds * tries)
}

async function rate(count: number, once: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  let left = count
  const one = async () => {
    while (left-- > 0) await once()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  return count / ((performance.now() - began) / 1000)
}

/** A wrong password for an account that exists and for one that does not, in turn, one at a time. */
async function compareAnswers(send: Send, count: number): Promise<void> {
  const waits: Record<'existing' | 'missing', number[]> = { existing: [], missing: [] }
  for (let n = 0; n < count; n++) {
    for (const kind of n % 2 ? (['existing', 'missing'] as const) : (['missing', 'existing'] as const)) {
      const began = performance.now()
      await (await send(kind === 'existing' ? customer.username : 'nobodyx', 'Gabim-2024')).arrayBuffer()
      waits[kind].push(performance.now() - began)
    }
  }
  const [from, to] = differenceOfMedians(waits.existing, waits.missing)
  console.log(`\nA wrong password, ${count} tries each in turn`)
  printTable([
    ['', 'existing account', 'missing account', 'difference, 95 % interval'],
    [
      'median ms',
      median(waits.existing).toFixed(2),
      median(waits.missing).toFixed(2),
      `${from.toFixed(2)} to ${to.toFixed(2)}`,
    ],
  ])
}
