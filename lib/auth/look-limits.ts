// How many customers a member of staff may open, and how many let supervisors ask why.
import { recordEvent } from '../platform/audit.ts'
import { clock } from '../platform/clock.ts'
import { database } from '../platform/database.ts'
import { type Limit, limits } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import { countTries, isUsedUp, takeTry } from '../platform/rate-limits.ts'
import { ok } from '../platform/result.ts'

export const LOOKS_ALARM = 'staff.looks-alarm'
/** What an alarm is about, for the index of subjects. */
export const alarmSubject = (staffId: string): string => `staff:${staffId}`

type Taken = Promise<{ ok: true; value: undefined } | { ok: false; code: 'tooManyLooks'; seconds: number }>

/** Refuses, as takeLook does, whoever has no look left, before anything is searched: what they get says nothing of what there is. */
export async function askForLook(staff: { id: string }): Taken {
  const isSpent = (await isUsedUp(limits.looks(), staff.id)) || (await isUsedUp(limits.looksDay(), staff.id))
  return isSpent ? takeLook(staff) : ok(undefined)
}

/** Counts a contract or an account that is opened, or unmasked. */
export async function takeLook(staff: { id: string }): Taken {
  const { seconds } = await countTries([limits.looks(), staff.id], [limits.looksDay(), staff.id])
  if (seconds > 0) return { ok: false, code: 'tooManyLooks', seconds }
  for (const limit of [limits.looksAlarm(), limits.looksAlarmDay()]) {
    if ((await takeTry(limit, staff.id)).isFirst) await raiseAlarm(staff.id, limit)
  }
  return ok(undefined)
}

/** Once in each hour or day of theirs. */
async function raiseAlarm(staffId: string, { points, seconds }: Limit): Promise<void> {
  const details = { looks: points, hours: seconds / 3600 }
  log.error({ staff: staffId, ...details }, 'ALARM: a member of staff opens very many customers')
  await recordEvent(database(), {
    accountId: staffId,
    action: LOOKS_ALARM,
    subject: alarmSubject(staffId),
    details,
    at: clock.now(),
  })
}
