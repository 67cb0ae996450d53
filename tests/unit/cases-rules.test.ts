// Moves of cases: every pair of state, move and maker.
import { describe, expect, it } from 'vitest'
import { type CaseMove, caseMoves, caseStates } from '../../db/enums.ts'
import { kinds } from '../../lib/cases/kinds.ts'
import { afterMove, isDecided, openMoves } from '../../lib/cases/rules.ts'
import { businessCheckFits, readBusinessNumber } from '../../lib/platform/identifiers.ts'

const { dispute, business } = kinds
const moves = Object.keys(caseMoves) as CaseMove[]
const table = (of: Parameters<typeof afterMove>[0]) =>
  caseStates.map(state => [state, ...moves.map(move => afterMove(of, state, move) ?? '-')].join(' '))

describe('moves', () => {
  it('lead where the table says', () => {
    const all = Object.fromEntries(moves.map(move => [move, { by: 'owner' as const }]))
    expect(moves.join(' ')).toBe(
      'take release handOver ask answer accept reject reopen withdraw revoke reply note write amend',
    )
    expect(table(all)).toEqual([
      'pending taken - - waiting - accepted rejected - withdrawn - pending pending pending pending',
      'taken - pending taken waiting - accepted rejected - withdrawn - taken taken taken -',
      'waiting - - waiting - pending accepted rejected - withdrawn - waiting waiting - -',
      'accepted - - - - - - - pending withdrawn withdrawn accepted accepted accepted -',
      'rejected - - - - - - - pending withdrawn - rejected rejected rejected -',
      'withdrawn - - - - - - - - - - - - - -',
    ])
    expect(caseStates.filter(isDecided)).toEqual(['accepted', 'rejected', 'withdrawn'])
  })

  it('are those that a kind has, from where it allows them', () => {
    expect(table(dispute.moves)).toEqual([
      'pending taken - - - - accepted rejected - - - - - - -',
      'taken - - - - - accepted rejected - - - - - - -',
      'waiting - - - - - accepted rejected - - - - - - -',
      'accepted - - - - - - - - - - - - - -',
      'rejected - - - - - - - - - - - - - -',
      'withdrawn - - - - - - - - - - - - - -',
    ])
    expect(afterMove({ withdraw: { by: 'owner', from: ['pending'] } }, 'pending', 'withdraw')).toBe(
      'withdrawn',
    )
    expect(
      afterMove({ withdraw: { by: 'owner', from: ['pending'] } }, 'accepted', 'withdraw'),
    ).toBeUndefined()
    // What the table has not, no kind allows.
    expect(afterMove({ take: { by: 'owner', from: ['accepted'] } }, 'accepted', 'take')).toBeUndefined()
  })

  it('agents prepare disputes and decide businesses; supervisors decide both; owners withdraw a business', () => {
    expect(openMoves(dispute.moves, 'pending', 'agent')).toEqual(['take'])
    expect(openMoves(dispute.moves, 'taken', 'agent')).toEqual([])
    expect(openMoves(dispute.moves, 'taken', 'supervisor')).toEqual(['accept', 'reject'])
    expect(openMoves(dispute.moves, 'taken', 'administrator')).toEqual(['accept', 'reject'])
    expect(openMoves(dispute.moves, 'pending', 'owner')).toEqual([])
    expect(openMoves(business.moves, 'pending', 'agent')).toEqual(['take', 'accept', 'reject'])
    expect(openMoves(business.moves, 'accepted', 'administrator')).toEqual([])
    expect(openMoves(business.moves, 'accepted', 'owner')).toEqual(['withdraw'])
  })

  it('a refusal needs its reason', () => {
    for (const kind of Object.values(kinds)) expect(kind.moves.reject?.note).toBe('required')
  })
})

describe('business numbers', () => {
  it.each(['J91402501L', 'K22218003V', 'L39308501E'])('the published %s fits', number => {
    expect(businessCheckFits(readBusinessNumber(number)!)).toBe(true)
    expect(businessCheckFits({ number: number.replace(/.$/, 'X'), country: 'AL' })).toBe(false)
  })

  it('are told apart by their form', () => {
    expect(readBusinessNumber(' 811-234-567 ')).toEqual({ number: '811234567', country: 'XK' })
    expect(readBusinessNumber('j91402501l')).toEqual({ number: 'J91402501L', country: 'AL' })
    expect(readBusinessNumber('N91402501L')).toBeUndefined()
  })
})
