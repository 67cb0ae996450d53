// When a case is to be answered: worked cases, counted by hand from the written rule and a calendar. Long, being a table.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daysOff } from '../../db/days-off.ts'
import type { CaseState, Country } from '../../db/enums.ts'
import {
  type Deadline,
  deadlineOf,
  type Limit,
  type LimitUnit,
  type Step,
  type WorkingDays,
} from '../../lib/cases/deadline-rules.ts'

const timeZones: Record<Country, string> = { AL: 'Europe/Tirane', XK: 'Europe/Belgrade' }
const workingDays = (country: Country, more: string[] = []): WorkingDays => ({
  timeZone: timeZones[country],
  daysOff: new Set([...daysOff[country].days.map(({ on }) => on), ...more]),
})

// A row: what it shows | country, limit, days off that are added | history | now | what is expected.
// Days are of 2026 unless a year stands there; times are UTC: one hour behind the billers' clocks, two from 29 March to
// 25 October, so that 23:00 or 22:00 is their midnight. No `now`: the moment of the last step.
// 2026 begins on a Thursday. Mondays: 2 9 16 23 30 March, 6 13 April, 4 11 18 May, 7 14 September, 16 23 30 November,
// 7 28 December, 4 11 January 2027.

const units: Record<string, LimitUnit> = { calendar: 'calendarDays', working: 'workingDays', hours: 'hours' }
const verbs: Record<string, CaseState> = {
  ...{ filed: 'pending', taken: 'taken', waits: 'waiting', answered: 'pending' },
  ...{ accepted: 'accepted', rejected: 'rejected', reopened: 'pending', withdrawn: 'withdrawn' },
}

const day = (text: string) => (/^\d{4}-/.test(text) ? text : `2026-${text}`)
const instant = (text: string) => {
  const at = new Date(`${day(text.trim()).replace(' ', 'T')}Z`)
  if (Number.isNaN(at.getTime())) throw new Error(`No instant: ${text}`)
  return at
}
const parts = (text: string) => text.split(',').map(part => part.trim())

type Expected = Partial<Omit<Deadline, 'counted'>> & { counted?: Partial<Deadline['counted']> }

function expectation(text: string): Expected {
  const expected: Expected = {}
  const counted = (more: Partial<Deadline['counted']>) => {
    expected.counted = { ...expected.counted, ...more }
  }
  for (const part of parts(text)) {
    const [word, ...rest] = part.split(' ')
    const value = rest.join(' ')
    if (word === 'last') expected.lastOn = day(value)
    else if (word === 'until') expected.at = instant(value)
    else if (word === 'left')
      expected.left = value === 'negative' ? expect.toSatisfy(n => n < 0) : Number(value)
    else if (word === 'running') expected.isStopped = false
    else if (word === 'stopped') expected.isStopped = true
    else if (word === 'late') expected.isLate = true
    else if (part === 'in time') expected.isLate = false
    else if (word === 'off') counted({ daysOff: value === 'none' ? [] : rest.map(day) })
    else if (word === 'days') counted({ stoppedDays: Number(value) })
    else if (word === 'hours') counted({ stoppedHours: Number(value) })
    else throw new Error(`Not understood: ${part}`)
  }
  return expected
}

function read(row: string) {
  const [name, terms, steps, now, expected] = row.split('|').map(column => column.trim()) as [
    ...[string, string, string, string, string],
  ]
  const [country, count, unit, ...added] = terms.split(' ') as [Country, string, string, ...string[]]
  const from =
    added.length && added[0] === 'from' ? instant(added.splice(0, 3).slice(1).join(' ')) : undefined
  const history = parts(steps).map(step => {
    const [verb, ...at] = step.split(' ') as [string, ...string[]]
    return { state: verbs[verb]!, at: instant(at.join(' ')) }
  })
  return {
    name,
    limit: { count: Number(count), unit: units[unit]! } satisfies Limit,
    history,
    working: workingDays(country, added.map(day)),
    now: now ? instant(now) : history.at(-1)!.at,
    from,
    expected: expectation(expected),
  }
}

const rows = (table: string) =>
  table
    .split('\n')
    .filter(line => line.includes('|'))
    .map(read)

const check = ({ limit, history, working, now, from, expected }: ReturnType<typeof read>) =>
  expect(deadlineOf(limit, history, working, now, from)).toMatchObject(expected)

describe('a limit of calendar days', () => {
  it.each(
    rows(`
    begins on the day after filing        | AL 15 calendar | filed 03-02 09:00          | | last 03-17, until 03-17 23:00, left 15, running, in time, off none, days 0
    ends on a Saturday                    | AL 15 calendar | filed 03-06 09:00          | | last 03-21
    filed on a Saturday ends on a Sunday  | XK 15 calendar | filed 03-07 09:00          | | last 03-22
    filed on a Sunday ends on a day off   | AL 15 calendar | filed 03-01 09:00          | | last 03-16, off none
    filed on a day off                    | AL 15 calendar | filed 03-16 09:00          | | last 03-31, until 03-31 22:00
    filed a minute before midnight        | AL 15 calendar | filed 11-03 22:59          | | last 11-18, until 11-18 23:00
    filed at midnight                     | AL 15 calendar | filed 11-03 23:00          | | last 11-19, until 11-19 23:00
    a second before midnight in summer    | XK 15 calendar | filed 07-01 21:59:59       | | last 07-16, until 07-16 22:00
    filed at midnight in summer           | XK 15 calendar | filed 07-01 22:00          | | last 07-17, until 07-17 22:00
    over February                         | XK 15 calendar | filed 02-14 09:00          | | last 03-01
    over February of a leap year          | XK 15 calendar | filed 2028-02-14 09:00     | | last 2028-02-29
    over the year's end, to a day off     | AL 15 calendar | filed 12-20 09:00          | | last 2027-01-04, until 2027-01-04 23:00
    last day has 23 hours                 | AL 15 calendar | filed 03-14 09:00          | | last 03-29, until 03-29 22:00
    last day has 25 hours                 | XK 15 calendar | filed 10-10 09:00          | | last 10-25, until 10-25 23:00
    `),
  )('$name', check)
})

describe('a limit of working days', () => {
  it.each(
    rows(`
    Tuesday is day 1 of Monday's          | XK 5 working | filed 03-02 09:00 | | last 03-09, until 03-09 23:00, left 5, off none
    Friday's ends on Friday               | XK 5 working | filed 03-06 09:00 | | last 03-13
    Saturday's ends on Friday             | XK 5 working | filed 03-07 09:00 | | last 03-13, left 5
    Sunday's ends on Friday               | XK 5 working | filed 03-08 09:00 | | last 03-13, left 5
    Friday 23:59 is Friday                | XK 1 working | filed 03-05 22:59 | | last 03-06
    midnight is Friday                    | XK 1 working | filed 03-05 23:00 | | last 03-09
    over the clock's change in spring     | XK 5 working | filed 03-23 09:00 | | last 03-30, until 03-30 22:00
    over the clock's change in autumn     | AL 5 working | filed 10-19 09:00 | | last 10-26, until 10-26 23:00
    `),
  )('$name', check)

  // Albania, from 13 March: 17 18 19 | 20 Bajram | 23 Nevruz | 24 25. Kosovo: 16 17 18 19 | 20 | 23.
  // Albania, from 27 November: 30 and 1 are off | 2 3 4 7 | 8 off | 9. From 20 November: 23 off | 24 25 26 27 | 30, 1 off | 2.
  // Kosovo, from 2 April: 3 | 6 | 7 8 | 9 | 10 | 13 | 14. Albania works on the 9th: 3 | 6 | 7 8 9 10.
  it.each(
    rows(`
    Albania: 14 March is kept on 16       | AL 5 working | filed 03-13 09:00 | | last 03-25, off 03-16 03-20 03-23
    Kosovo does not keep 14 March         | XK 5 working | filed 03-13 09:00 | | last 03-23, off 03-20
    filed on the day off itself           | AL 5 working | filed 03-16 09:00 | | last 03-25, off 03-20 03-23
    filed on the Saturday that moved      | AL 5 working | filed 03-14 09:00 | | last 03-25, off 03-16 03-20 03-23
    Albania: 22 March is kept on 23       | AL 1 working | filed 03-20 09:00 | | last 03-24, off 03-23
    Albania: 22 November is kept on 23    | AL 5 working | filed 11-20 09:00 | | last 12-02, off 11-23 11-30 12-01
    Kosovo works on 23 November           | XK 5 working | filed 11-20 09:00 | | last 11-27, off none
    Albania: 28, 29 are kept on 30, 1     | AL 5 working | filed 11-27 09:00 | | last 12-09, off 11-30 12-01 12-08
    filed on 28 November                  | AL 5 working | filed 11-28 09:00 | | last 12-09
    filed at the end of 29 November       | AL 5 working | filed 11-29 22:59 | | last 12-09
    filed as 30 November begins           | AL 5 working | filed 11-29 23:00 | | last 12-09, off 12-01 12-08
    filed at the end of 1 December        | AL 5 working | filed 12-01 22:59 | | last 12-09, off 12-08
    filed as 2 December begins            | AL 5 working | filed 12-01 23:00 | | last 12-10, off 12-08
    Kosovo works on 30 November           | XK 5 working | filed 11-27 09:00 | | last 12-04, off none
    Kosovo works on 28 November           | XK 1 working | filed 2025-11-27 09:00 | | last 2025-11-28
    Kosovo works on 12 June               | XK 1 working | filed 06-11 09:00 | | last 06-12
    a Saturday's holiday counts once      | AL 5 working 11-28 11-29 | filed 11-27 09:00 | | last 12-09, off 11-30 12-01 12-08
    Kosovo: 9 May is kept on 11           | XK 5 working | filed 05-08 09:00 | | last 05-18, off 05-11
    Albania works on 11 May               | AL 5 working | filed 05-08 09:00 | | last 05-15, off none
    filed on Saturday 9 May               | XK 5 working | filed 05-09 09:00 | | last 05-18, off 05-11
    Albania: 5 September is kept on 7     | AL 5 working | filed 09-04 09:00 | | last 09-14, off 09-07
    Kosovo works on 7 September           | XK 5 working | filed 09-04 09:00 | | last 09-11
    Kosovo: both Easters and 9 April      | XK 5 working | filed 04-02 09:00 | | last 04-14, off 04-06 04-09 04-13
    Albania: the first Easter             | AL 5 working | filed 04-02 09:00 | | last 04-10, off 04-06
    Bajram in the middle of a week        | XK 2 working | filed 05-26 09:00 | | last 05-29, off 05-27
    over Christmas and New Year           | AL 5 working | filed 12-24 09:00 | | last 2027-01-05, off 12-25 2027-01-01 2027-01-04
    New Year: Albania works on 7 January  | AL 5 working | filed 12-29 09:00 | | last 2027-01-07, off 2027-01-01 2027-01-04
    New Year: Kosovo does not             | XK 5 working | filed 12-29 09:00 | | last 2027-01-08, off 2027-01-01 2027-01-04 2027-01-07
    filed as the year ends                | XK 5 working | filed 12-31 22:59 | | last 2027-01-12, off 2027-01-01 2027-01-04 2027-01-07
    filed as the year begins              | XK 5 working | filed 12-31 23:00 | | last 2027-01-12, off 2027-01-04 2027-01-07
    a day off that a cabinet adds         | XK 5 working 03-05 | filed 03-02 09:00 | | last 03-10, off 03-05
    `),
  )('$name', check)
})

describe('a case is late', () => {
  it.each(
    rows(`
    not on its last day                   | AL 15 calendar | filed 03-02 09:00 | 03-17 22:59:59 | left 0, in time
    from midnight on                      | AL 15 calendar | filed 03-02 09:00 | 03-17 23:00    | left -1, late, last 03-17
    not on its last day in summer         | XK 15 calendar | filed 07-01 09:00 | 07-16 21:59:59 | left 0, in time
    from a summer's midnight on           | XK 15 calendar | filed 07-01 09:00 | 07-16 22:00    | left -1, late
    not at the end of a day of 23 hours   | AL 15 calendar | filed 03-14 09:00 | 03-29 21:59:59 | left 0, in time
    after a day of 23 hours               | AL 15 calendar | filed 03-14 09:00 | 03-29 22:00    | left -1, late
    not at the end of a day of 25 hours   | XK 15 calendar | filed 10-10 09:00 | 10-25 22:59:59 | left 0, in time
    after a day of 25 hours               | XK 15 calendar | filed 10-10 09:00 | 10-25 23:00    | left -1, late
    by as many days as have passed        | XK 15 calendar | filed 03-02 09:00 | 04-01 10:00    | left -15, late
    Saturday: Monday is left              | XK 5 working   | filed 03-02 09:00 | 03-07 10:00    | left 1, in time
    Monday is the last day                | XK 5 working   | filed 03-02 09:00 | 03-09 22:59    | left 0, in time
    Tuesday                               | XK 5 working   | filed 03-02 09:00 | 03-09 23:00    | left -1, late
    Monday, due on Friday                 | XK 5 working   | filed 03-06 09:00 | 03-16 10:00    | left -1, late
    Wednesday, due before days off        | AL 3 working   | filed 11-24 09:00 | 12-02 10:00    | left -1, late, last 11-27
    Saturday, due on Friday               | XK 5 working   | filed 03-06 09:00 | 03-14 10:00    | left negative, late, last 03-13
    while staff have it                   | XK 15 calendar | filed 03-02 09:00, taken 03-03 09:00 | 03-18 10:00 | running, late
    `),
  )('$name', check)
})

// Without waiting: 15 calendar days of 2 March end on the 17th; 5 working days of Monday the 2nd on Monday the 9th in Kosovo.
// A wait from midnight to midnight is one day: the midnight at which it begins is its own, that at which it ends is not.
describe('waiting', () => {
  it.each(
    rows(`
    adds its midnights                    | AL 15 calendar | filed 03-02 09:00, waits 03-05 09:00, answered 03-07 09:00 | | last 03-19, days 2, running, left 12
    adds none within a day                | AL 15 calendar | filed 03-02 09:00, waits 03-05 06:00, answered 03-05 22:59 | | last 03-17, days 0
    twice within a day adds none          | AL 15 calendar | filed 03-02 09:00, waits 03-05 09:00, answered 03-05 10:00, waits 03-05 11:00, answered 03-05 12:00 | | last 03-17, days 0
    twice adds both                       | XK 15 calendar | filed 03-02 09:00, waits 03-03 09:00, answered 03-04 09:00, waits 03-09 09:00, answered 03-12 09:00 | | last 03-21, days 4
    on the day of filing adds the night   | XK 15 calendar | filed 03-02 09:00, waits 03-02 10:00, answered 03-03 09:00 | | last 03-18, days 1
    a minute over midnight adds a day     | AL 15 calendar | filed 03-02 09:00, waits 03-05 22:59, answered 03-05 23:01 | | last 03-18, days 1
    that begins at midnight               | AL 15 calendar | filed 03-02 09:00, waits 03-04 23:00, answered 03-05 11:00 | | last 03-18, days 1
    that ends at midnight                 | AL 15 calendar | filed 03-02 09:00, waits 03-05 11:00, answered 03-05 23:00 | | last 03-17, days 0
    from midnight to midnight             | AL 15 calendar | filed 03-02 09:00, waits 03-04 23:00, answered 03-06 23:00 | | last 03-19, days 2
    over the last day                     | AL 15 calendar | filed 03-02 09:00, waits 03-16 11:00, answered 03-18 11:00 | | last 03-19, left 1, in time
    over the change in spring             | XK 15 calendar | filed 03-20 09:00, waits 03-28 11:00, answered 03-30 10:00 | | last 04-06, days 2
    until midnight after the change       | XK 15 calendar | filed 03-20 09:00, waits 03-29 10:00, answered 03-29 22:00 | | last 04-04, days 0
    past midnight after the change        | XK 15 calendar | filed 03-20 09:00, waits 03-29 10:00, answered 03-29 22:01 | | last 04-05, days 1
    of 25 hours, over one midnight        | AL 15 calendar | filed 10-12 09:00, waits 10-24 21:59, answered 10-25 22:59 | | last 10-28, days 1
    working: on weekdays                  | XK 5 working   | filed 03-02 09:00, waits 03-03 09:00, answered 03-05 09:00 | | last 03-11, days 2
    working: a weekend adds none          | XK 5 working   | filed 03-02 09:00, waits 03-06 15:00, answered 03-08 19:00 | | last 03-09, days 0, left 1
    working: until Monday adds Monday     | XK 5 working   | filed 03-02 09:00, waits 03-06 15:00, answered 03-09 09:00 | | last 03-10, days 1, left 1
    working: Saturday and Sunday exactly  | XK 5 working   | filed 03-02 09:00, waits 03-06 23:00, answered 03-08 23:00 | | last 03-09, days 0
    working: Friday exactly               | XK 5 working   | filed 03-02 09:00, waits 03-05 23:00, answered 03-06 23:00 | | last 03-10, days 1
    working: filed and asked on Saturday  | XK 5 working   | filed 03-07 09:00, waits 03-07 10:00, answered 03-08 10:00 | | last 03-13, days 0
    working: until a day off adds none    | AL 5 working   | filed 11-19 09:00, waits 11-20 11:00, answered 11-23 11:00 | | last 11-27, days 0, off 11-23
    working: Kosovo works that Monday     | XK 5 working   | filed 11-19 09:00, waits 11-20 11:00, answered 11-23 11:00 | | last 11-27, days 1, off none
    working: over four days off           | AL 5 working   | filed 11-24 09:00, waits 11-27 11:00, answered 12-02 09:00 | | last 12-04, days 1, off 11-30 12-01
    working: its day moves over days off  | AL 2 working   | filed 11-25 09:00, waits 11-25 15:00, answered 11-26 09:00 | | last 12-02, days 1, off 11-30 12-01
    working: on Friday, due, until Monday | XK 5 working   | filed 03-06 09:00, waits 03-13 14:00, answered 03-16 09:00 | | last 03-16, left 0, in time
    `),
  )('$name', check)

  // 3 March was day 1, four are left: after Friday the 13th 16 17 18 19.
  it.each(
    rows(`
    now, of working days                  | XK 5 working   | filed 03-02 09:00, waits 03-03 11:00 | 03-13 11:00 | stopped, in time, last 03-19, left 4, days 8
    now, asked on the last day            | AL 15 calendar | filed 03-02 09:00, waits 03-17 14:00 | 03-17 15:00 | stopped, in time, last 03-17, left 0
    now, days after the last day          | AL 15 calendar | filed 03-02 09:00, waits 03-17 14:00 | 03-20 11:00 | stopped, in time, last 03-20, left 0, days 3
    now, on the Saturday after            | XK 5 working   | filed 03-06 09:00, waits 03-13 14:00 | 03-14 11:00 | stopped, in time
    answered: the rest of the last day    | AL 15 calendar | filed 03-02 09:00, waits 03-17 14:00, answered 03-20 10:00 | 03-20 22:59 | running, in time, last 03-20, left 0
    answered: and then it is late         | AL 15 calendar | filed 03-02 09:00, waits 03-17 14:00, answered 03-20 10:00 | 03-20 23:00 | running, late, last 03-20, left -1
    on the first day that is late         | AL 15 calendar | filed 03-02 09:00, waits 03-18 09:00 | 03-20 09:00 | stopped, late, last 03-17, left -3, days 0
    of a late case leaves it late         | AL 15 calendar | filed 03-02 09:00, waits 03-19 09:00 | 03-21 09:00 | stopped, late, last 03-17, left -4, days 0
    and answered it is as late            | AL 15 calendar | filed 03-02 09:00, waits 03-19 09:00, answered 03-23 09:00 | 03-25 09:00 | running, late, last 03-17, left -8, days 0
    earlier counts, of a late case not    | XK 15 calendar | filed 03-02 09:00, waits 03-05 09:00, answered 03-06 09:00, waits 03-20 09:00 | 03-25 09:00 | stopped, late, last 03-18, days 1
    late of working days, asked on Monday | XK 5 working   | filed 03-06 09:00, waits 03-16 09:00 | 03-18 09:00 | stopped, late, last 03-13, days 0
    `),
  )('$name', check)
})

// 15 days of 2 March end on the 17th. Decided on the 10th, seven are left; on the 16th, one.
describe('decided', () => {
  it.each(
    rows(`
    in time, it stays so                  | XK 15 calendar | filed 03-02 09:00, accepted 03-10 11:00 | 03-30 10:00 | stopped, in time, left 7
    on the last day, it is in time        | XK 15 calendar | filed 03-02 09:00, accepted 03-17 22:59 | 03-30 10:00 | stopped, in time
    late, it stays so                     | XK 15 calendar | filed 03-02 09:00, accepted 03-19 11:00 | 03-30 10:00 | stopped, late, last 03-17, days 0
    on the first day that is late         | XK 15 calendar | filed 03-02 09:00, accepted 03-17 23:01 | 03-30 10:00 | stopped, late, last 03-17, days 0
    and withdrawn, it is not reopened     | XK 15 calendar | filed 03-02 09:00, accepted 03-19 11:00, withdrawn 03-24 09:00 | 03-30 10:00 | stopped, late, last 03-17
    `),
  )('$name', check)

  it.each(
    rows(`
    reopened with seven days left         | XK 15 calendar | filed 03-02 09:00, accepted 03-10 11:00, reopened 03-24 09:00 | | last 03-31, left 7, running, in time, days 14
    reopened with one day left            | XK 15 calendar | filed 03-02 09:00, rejected 03-16 11:00, reopened 03-24 09:00 | | last 03-26, left 2, in time
    reopened on the last day              | XK 15 calendar | filed 03-02 09:00, rejected 03-17 09:00, reopened 03-17 11:00 | | last 03-19, left 2, in time
    late and reopened                     | XK 15 calendar | filed 03-02 09:00, rejected 03-19 11:00, reopened 03-24 09:00 | | last 03-26, running, in time
    late, reopened, and on its last day   | XK 15 calendar | filed 03-02 09:00, rejected 03-19 11:00, reopened 03-24 09:00 | 03-26 22:59 | last 03-26, left 0, in time
    late, reopened, and late again        | XK 15 calendar | filed 03-02 09:00, rejected 03-19 11:00, reopened 03-24 09:00 | 03-26 23:00 | last 03-26, left -1, late
    reopened before a weekend             | XK 15 calendar | filed 03-02 09:00, rejected 03-19 11:00, reopened 03-27 09:00 | | last 03-31, until 03-31 22:00
    reopened on a Saturday                | XK 15 calendar | filed 03-02 09:00, rejected 03-19 11:00, reopened 03-28 09:00 | | last 03-31
    few days left, reopened on Friday     | XK 15 calendar | filed 03-02 09:00, rejected 03-14 11:00, reopened 03-27 09:00 | | last 03-31, in time
    enough left, reopened on Saturday     | XK 15 calendar | filed 03-02 09:00, rejected 03-13 11:00, reopened 03-28 09:00 | | last 04-01, left 4
    reopened before days off              | AL 15 calendar | filed 11-01 09:00, rejected 11-20 11:00, reopened 11-27 09:00 | | last 12-03, in time
    which Kosovo does not have            | XK 15 calendar | filed 11-01 09:00, rejected 11-20 11:00, reopened 11-27 09:00 | | last 12-01, in time
    reopened on a day off                 | AL 15 calendar | filed 11-01 09:00, rejected 11-20 11:00, reopened 11-30 09:00 | | last 12-03
    reopened as the last day off ends     | AL 15 calendar | filed 11-01 09:00, rejected 11-20 11:00, reopened 12-01 22:59 | | last 12-03
    reopened as a working day begins      | AL 15 calendar | filed 11-01 09:00, rejected 11-20 11:00, reopened 12-01 23:00 | | last 12-04
    reopened as the year ends             | XK 15 calendar | filed 12-01 09:00, rejected 12-20 11:00, reopened 12-31 09:00 | | last 2027-01-06
    working: three days left              | XK 5 working   | filed 03-02 09:00, accepted 03-04 11:00, reopened 03-16 09:00 | | last 03-19, left 3, days 8
    working: reopened on a Sunday         | XK 5 working   | filed 03-02 09:00, accepted 03-04 11:00, reopened 03-15 09:00 | | last 03-18, left 3, days 7
    working: over days off                | AL 5 working   | filed 11-25 09:00, accepted 11-26 11:00, reopened 12-02 09:00 | | last 12-09, left 4, days 2
    working: late and reopened            | XK 5 working   | filed 03-02 09:00, accepted 03-11 11:00, reopened 03-16 09:00 | | last 03-18, left 2, in time
    working: in time, reopened Saturday   | XK 5 working   | filed 03-06 09:00, accepted 03-13 11:00, reopened 03-14 09:00 | | last 03-17, left 2, in time
    reopened and waiting                  | XK 15 calendar | filed 03-02 09:00, rejected 03-19 11:00, reopened 03-24 09:00, waits 03-25 11:00, answered 03-27 11:00 | | last 03-28, in time
    decided while waiting                 | XK 15 calendar | filed 03-02 09:00, waits 03-05 09:00, rejected 03-07 09:00, reopened 03-09 09:00 | | last 03-21, days 4
    reopened twice                        | XK 15 calendar | filed 03-02 09:00, accepted 03-10 11:00, reopened 03-12 09:00, rejected 03-18 11:00, reopened 03-26 09:00 | | last 03-30, in time
    `),
  )('$name', check)
})

describe('a limit of hours', () => {
  it.each(
    rows(`
    ends as many hours later              | XK 24 hours | filed 03-02 09:00 | | until 03-03 09:00, last 03-03, left 24, running, in time, off none
    on a Saturday, on days off            | AL 24 hours | filed 11-29 12:00 | | until 11-30 12:00, last 11-30, off none
    elapsed over the change in spring     | AL 24 hours | filed 03-28 12:00 | | until 03-29 12:00
    elapsed over the change in autumn     | XK 24 hours | filed 10-24 12:00 | | until 10-25 12:00
    ends after midnight of a summer's day | XK 24 hours | filed 07-01 22:30 | | until 07-02 22:30, last 07-03
    ends at midnight: of the day that was | XK 24 hours | filed 03-02 23:00 | | until 03-03 23:00, last 03-03
    over the year's end                   | AL 24 hours | filed 12-31 20:00 | | until 2027-01-01 20:00, last 2027-01-01
    the last minute                       | XK 24 hours | filed 03-02 09:00 | 03-03 08:59 | left 0, in time
    its end                               | XK 24 hours | filed 03-02 09:00 | 03-03 09:00 | late
    an hour and a half late               | XK 24 hours | filed 03-02 09:00 | 03-03 10:30 | late, left -2
    runs from later than filing           | XK 24 hours from 03-02 12:30 | filed 03-02 09:00 | 03-03 09:00 | until 03-03 12:30, left 3, in time
    runs from within a stop               | XK 24 hours from 03-02 12:00 | filed 03-02 09:00, waits 03-02 10:00, answered 03-02 14:00 | | until 03-03 14:00, hours 2
    a stop before it runs adds nothing    | XK 24 hours from 03-02 15:00 | filed 03-02 09:00, waits 03-02 10:00, answered 03-02 14:00 | 03-02 16:00 | until 03-03 15:00, hours 0
    stops exactly                         | XK 24 hours | filed 03-02 09:00, waits 03-02 10:15, answered 03-02 13:45 | | until 03-03 12:30, hours 3, days 0
    stops twice                           | XK 24 hours | filed 03-02 09:00, waits 03-02 10:00, answered 03-02 10:30, waits 03-03 08:00, answered 03-03 09:00 | | until 03-03 10:30, hours 1
    stops over a weekend as on any day    | XK 24 hours | filed 03-06 09:00, waits 03-06 19:00, answered 03-09 07:00 | | until 03-09 21:00, hours 60
    stopped now                           | XK 24 hours | filed 03-02 09:00, waits 03-02 10:00 | 03-04 10:00 | until 03-05 09:00, left 23, stopped, in time, hours 48
    stopped when it was over              | XK 24 hours | filed 03-02 09:00, waits 03-03 10:00 | 03-04 10:00 | until 03-03 09:00, stopped, late, hours 0
    stopped at its end                    | XK 24 hours | filed 03-02 09:00, waits 03-03 09:00 | 03-04 10:00 | until 03-03 09:00, stopped, late
    decided in time                       | XK 24 hours | filed 03-02 09:00, accepted 03-03 08:59 | 03-10 10:00 | stopped, in time
    decided late                          | XK 24 hours | filed 03-02 09:00, accepted 03-03 09:01 | 03-10 10:00 | stopped, late, until 03-03 09:00
    reopened: two working days            | XK 24 hours | filed 03-02 09:00, accepted 03-02 19:00, reopened 03-04 10:00 | | until 03-06 23:00, last 03-06, running, in time
    reopened late, before a weekend       | XK 24 hours | filed 03-02 09:00, accepted 03-03 12:00, reopened 03-06 10:00 | | until 03-10 23:00, in time
    reopened late, before days off        | AL 24 hours | filed 11-20 09:00, accepted 11-23 12:00, reopened 11-27 10:00 | | until 12-03 23:00, last 12-03, in time
    reopened late, over the change        | AL 24 hours | filed 03-24 09:00, accepted 03-26 09:00, reopened 03-27 10:00 | | until 03-31 22:00, in time
    reopened and late again               | XK 24 hours | filed 03-02 09:00, accepted 03-03 12:00, reopened 03-06 10:00 | 03-10 23:00 | late
    reopened with more left than that     | XK 240 hours | filed 03-02 09:00, accepted 03-03 09:00, reopened 03-04 09:00 | | until 03-13 09:00, hours 24
    late, many hours, reopened            | XK 240 hours | filed 03-02 09:00, accepted 03-13 09:00, reopened 03-16 09:00 | | until 03-18 23:00, in time
    reopened, and stops exactly           | XK 24 hours | filed 03-02 09:00, accepted 03-02 19:00, reopened 03-04 10:00, waits 03-05 10:00, answered 03-05 12:00 | | until 03-07 01:00, last 03-07
    `),
  )('$name', check)
})

// Due on Friday and asked on Friday: the last day has not run out when the wait ends on a Saturday or a day off, so the rest
// of it is due on the next working day, as if the wait had lasted until then. Reconnection runs from the payment, before the filing too.
describe('on the edge', () => {
  it.each(
    rows(`
    due on Friday, waits on Saturday      | XK 5 working   | filed 03-06 09:00, waits 03-13 14:00 | 03-14 10:00 | stopped, in time, last 03-16
    due on Friday, waited for to Saturday | XK 5 working   | filed 03-06 09:00, waits 03-13 14:00, answered 03-14 09:00 | 03-14 10:00 | running, in time, last 03-16
    the rest of Friday is due on Monday   | XK 5 working   | filed 03-06 09:00, waits 03-13 14:00, answered 03-14 09:00 | 03-16 22:59 | running, in time, last 03-16, left 0
    due on Friday, waits to a day off     | AL 3 working   | filed 11-24 09:00, waits 11-27 14:00, answered 11-30 09:00 | | running, in time, last 12-02
    hours that ran before the filing      | XK 24 hours from 03-01 20:00 | filed 03-02 09:00 | | until 03-02 20:00, left 11, in time
    and were over before it               | XK 24 hours from 02-28 20:00 | filed 03-02 09:00 | | until 03-01 20:00, late
    `),
  )('$name', check)
})

describe('the last day never comes earlier', () => {
  const HOUR_MS = 3_600_000
  const DAY_MS = 24 * HOUR_MS
  const filed = fc.integer({ min: 0, max: 24 * 330 }).map(hours => Date.UTC(2026, 0, 2) + hours * HOUR_MS)
  const limit = fc.record({
    count: fc.integer({ min: 1, max: 4 }),
    unit: fc.constantFrom<LimitUnit>('calendarDays', 'workingDays', 'workingDays'),
  })
  const country = fc.constantFrom<Country>('AL', 'XK')
  // Seldom decided: a reopening moves most last days by itself.
  const stop = fc.record({
    state: fc.constantFrom<CaseState>('waiting', 'waiting', 'waiting', 'accepted'),
    after: fc.integer({ min: 1, max: 70 }),
    hours: fc.integer({ min: 1, max: 150 }),
  })
  type Stop = { state: CaseState; after: number; hours: number }
  /** Each stop begins so many hours after the last one ended. */
  const historyOf = (begin: number, stops: Stop[]): Step[] => {
    const history: Step[] = [{ state: 'pending', at: new Date(begin) }]
    let at = begin
    for (const { state, after, hours } of stops) {
      at += after * HOUR_MS
      history.push({ state, at: new Date(at) })
      at += hours * HOUR_MS
      history.push({ state: 'pending', at: new Date(at) })
    }
    return history
  }
  const lastOn = (on: Country, terms: Limit, history: Step[], more: string[] = []) =>
    deadlineOf(terms, history, workingDays(on, more), history.at(-1)!.at).lastOn

  it('when a case waits for longer', () => {
    fc.assert(
      fc.property(
        country,
        limit,
        filed,
        stop,
        stop,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (on, terms, begin, first, second, share) => {
          const longer = { ...first, hours: first.hours + Math.floor(share * (second.after - 1)) }
          const sooner = { ...second, after: second.after - (longer.hours - first.hours) }
          const later = lastOn(on, terms, historyOf(begin, [longer, sooner]))
          expect(later >= lastOn(on, terms, historyOf(begin, [first, second]))).toBe(true)
        },
      ),
    )
  })

  it('when a day off is added', () => {
    fc.assert(
      fc.property(
        country,
        limit,
        filed,
        fc.array(stop, { minLength: 1, maxLength: 2 }),
        fc.nat(3),
        (on, terms, begin, stops, before) => {
          const history = historyOf(begin, stops)
          const added = new Date(history.at(-1)!.at.getTime() - before * DAY_MS).toISOString().slice(0, 10)
          expect(lastOn(on, terms, history, [added]) >= lastOn(on, terms, history)).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })
})
