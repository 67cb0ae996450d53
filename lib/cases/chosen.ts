// What of a queue an address chooses, and the address that chooses it.
import { billerCodes } from '../../db/billers.ts'
import { kindsIn, statesIn } from './kinds.ts'
import { type Chosen, dueChoices, isOfRequests, typesIn } from './queue.ts'

export type Part = 'open' | 'decided'

/** What of a queue an address chooses: what is not there is not chosen. */
export function readChosen(
  queue: string,
  of: { [Name in keyof Chosen]?: string | string[] } & { show?: unknown },
) {
  const part: Part = of.show === 'decided' ? 'decided' : 'open'
  const isDue = part === 'open' && isOfRequests(queue)
  const chosen: Chosen = {
    type: typesIn(queue).find(type => type === of.type),
    kind: kindsIn(queue).find(kind => kind === of.kind),
    state: statesIn(queue)[part].find(state => state === of.state),
    biller: billerCodes.find(code => code === of.biller),
    due: isDue ? dueChoices.find(due => due === of.due) : undefined,
    mine: part === 'open' && of.mine === 'yes' ? 'yes' : undefined,
  }
  return { part, chosen }
}

/** The page of a queue with what is chosen there, and what follows the case `after`. */
export const queuePath = (queue: string, part: Part, chosen: Chosen = {}, after?: string): string =>
  withChosen(`/staff/${queue}`, part, chosen, after)

/** The page of what is found of a queue. */
export const searchPath = (queue: string, search: string): string =>
  `/staff/${queue}?${new URLSearchParams({ search })}`

/** The same as a file. */
export const queueFilePath = (queue: string, part: Part, chosen: Chosen): string =>
  withChosen(`/staff/${queue}/list.csv`, part, chosen)

function withChosen(path: string, part: Part, chosen: Chosen, after?: string): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({
    show: part === 'open' ? undefined : part,
    ...chosen,
    after,
  })) {
    if (value) query.set(name, value)
  }
  return query.size > 0 ? `${path}?${query}` : path
}
