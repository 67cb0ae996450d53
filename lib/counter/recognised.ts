// What the page at the counter says of the holder who was just recognised, sealed in its address: what was typed is personal.
import { seal, unseal } from '../platform/seal.ts'

const PURPOSE = 'recognised at the counter'
const MINUTES = 10

/** `identifier`: as it was typed, which whoever typed it may read again. `biller`: its name. */
export type Recognised = { identifier: string; biller: string; contractCode: string }

export const sealRecognised = (
  staffId: string,
  { identifier, biller, contractCode }: Recognised,
  now: Date,
): string =>
  seal(JSON.stringify([staffId, now.getTime() + MINUTES * 60_000, identifier, biller, contractCode]), PURPOSE)

/** Undefined where it was not this member of staff a short while ago. */
export function openRecognised(mark: unknown, staffId: string, now: Date): Recognised | undefined {
  const opened = typeof mark === 'string' ? unseal(mark, PURPOSE) : undefined
  if (opened === undefined) return undefined
  const [staff, until, identifier, biller, contractCode] = JSON.parse(opened) as [
    string,
    number,
    string,
    string,
    string,
  ]
  return staff === staffId && until > now.getTime() ? { identifier, biller, contractCode } : undefined
}
