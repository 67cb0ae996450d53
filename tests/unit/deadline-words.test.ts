// What is said of legal time limits, in three languages: the same in lists, on pages, in documents.
import { describe, expect, it } from 'vitest'
import type { CaseState } from '../../db/enums.ts'
import { deadlineOf, type Limit, type Step } from '../../lib/cases/deadline-rules.ts'
import {
  countedWords,
  deadlineShort,
  goneOf,
  lastWords,
  progressWords,
  publicState,
} from '../../lib/cases/deadline-words.ts'
import { locales } from '../../lib/i18n/locale.ts'

const timeZone = 'Europe/Tirane'
const working = { timeZone, daysOff: new Set(['2026-11-23', '2026-11-30']) }
const FILED = new Date('2026-11-19T19:28:00Z')
const later = (days: number) => new Date(FILED.getTime() + days * 86_400_000)
const USUAL: Limit = { count: 15, unit: 'calendarDays' }
const WORKING: Limit = { count: 5, unit: 'workingDays' }
const HOURS: Limit = { count: 24, unit: 'hours' }

function request(limit: Limit, now: Date, ...moves: [CaseState, Date][]) {
  const history: Step[] = [{ state: 'pending', at: FILED }, ...moves.map(([state, at]) => ({ state, at }))]
  const { state, at } = history.at(-1)!
  const isDecided = ['accepted', 'rejected', 'withdrawn'].includes(state)
  return {
    state,
    createdAt: FILED,
    decidedAt: isDecided ? at : null,
    limitUnit: limit.unit,
    biller: { timeZone },
    deadline: isDecided ? undefined : deadlineOf(limit, history, working, now),
  }
}

const inAll = (one: ReturnType<typeof request>) => locales.map(locale => deadlineShort(one, locale))

describe('in a list', () => {
  it.each([
    ['days left', request(USUAL, later(5)), ['edhe 10 ditë', '10 days left', 'još 10 dana']],
    ['one day left', request(USUAL, later(14)), ['edhe 1 ditë', '1 day left', 'još 1 dan']],
    ['the last day', request(USUAL, later(15)), ['sot', 'today', 'danas']],
    ['days late', request(USUAL, later(17)), ['2 ditë vonë', '2 days late', 'kasni 2 dana']],
    [
      'working days',
      request(WORKING, later(1)),
      ['edhe 4 ditë pune', '4 working days left', 'još 4 radna dana'],
    ],
    ['hours', request(HOURS, later(0.5)), ['edhe 12 orë', '12 hours left', 'još 12 sati']],
    [
      'the last hour',
      request(HOURS, later(0.99)),
      ['edhe më pak se një orë', 'less than an hour left', 'još manje od sata'],
    ],
    ['hours late', request(HOURS, later(1.1)), ['3 orë vonë', '3 hours late', 'kasni 3 sata']],
    ['awaiting', request(USUAL, later(9), ['waiting', later(2)]), ['i ndalur', 'stopped', 'stoji']],
    [
      'late before it was asked about',
      request(USUAL, later(20), ['waiting', later(17)]),
      ['5 ditë vonë', '5 days late', 'kasni 5 dana'],
    ],
    [
      'decided',
      request(USUAL, later(9), ['accepted', later(4)]),
      ['pas 4 ditësh', 'after 4 days', 'posle 4 dana'],
    ],
    [
      'decided at once',
      request(USUAL, later(9), ['rejected', later(0.05)]),
      ['po atë ditë', 'the same day', 'istog dana'],
    ],
    [
      'decided in hours',
      request(HOURS, later(9), ['accepted', later(0.4)]),
      ['pas 9 orësh', 'after 9 hours', 'posle 9 sati'],
    ],
    ['taken back', request(USUAL, later(9), ['withdrawn', later(1)]), ['', '', '']],
  ])('%s', (_, one, words) => {
    expect(inAll(one)).toEqual([words[0], words[1], words[2]])
  })

  it('is late only while it runs: who is asked is not told that the company is', () => {
    expect(publicState(request(USUAL, later(17)))).toBe('late')
    expect(publicState(request(USUAL, later(19), ['waiting', later(17)]))).toBe('waiting')
    expect(publicState(request(USUAL, later(5), ['taken', later(1)]))).toBe('taken')
  })
})

describe('on a page', () => {
  const { deadline: open } = request(USUAL, later(5))
  const { deadline: stopped } = request(USUAL, later(9), ['waiting', later(2)])

  it('stands the day, and how much has gone', () => {
    expect(locales.map(locale => progressWords(open!, locale))).toEqual([
      'Dita 5 nga 15 · edhe 10 ditë',
      'Day 5 of 15 · 10 days left',
      '5. dan od 15 · još 10 dana',
    ])
    expect(goneOf(open!)).toBe(5)
    expect(progressWords(stopped!, 'en')).toBe('Day 2 of 15')
    const at = { today: '2026-11-24', timeZone }
    expect(lastWords(open!, at, 'en')).toBe('4 December')
    expect(lastWords(open!, at, 'sq')).toBe('4 dhjetor')
    expect(lastWords(request(HOURS, later(0.5)).deadline!, at, 'en')).toBe('20/11/2026, 20:28')
  })

  it('stands how it was counted: kind of days, days off, what stood still', () => {
    expect(countedWords(open!, 'en')).toEqual([
      '15 calendar days. The day of sending does not count; the last day ends at midnight.',
    ])
    expect(countedWords(stopped!, 'en').at(-1)).toMatch(/^It stood still for 7 days,/)
    const { deadline } = request(WORKING, later(1))
    expect(countedWords(deadline!, 'en')).toEqual([
      expect.stringMatching(/^5 working days: Saturdays, Sundays and public holidays do not count\./),
      'Public holidays left out: 23/11/2026.',
    ])
    const hours = request(HOURS, later(1), ['waiting', later(0.25)]).deadline
    expect(countedWords(hours!, 'sr').at(-1)).toMatch(/^Rok je stajao 18 sati,/)
  })
})
