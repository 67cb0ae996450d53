// Moves of staff: every pair of state, move and role.
import { describe, expect, it } from 'vitest'
import { afterMove, isDecided, mayMove, openMoves, reviewStates } from '../../lib/cases/rules.ts'
import { reviewInput } from '../../lib/cases/schema.ts'
import { businessCheckFits, readBusinessNumber } from '../../lib/platform/identifiers.ts'

describe('moves', () => {
  it('lead where the table says, and nowhere from a decision', () => {
    const table = reviewStates.map(state => [
      state,
      ...(['take', 'grant', 'refuse'] as const).map(move => afterMove(state, move) ?? '-'),
    ])
    expect(table).toEqual([
      ['pending', 'taken', 'granted', 'refused'],
      ['taken', '-', 'granted', 'refused'],
      ['granted', '-', '-', '-'],
      ['refused', '-', '-', '-'],
    ])
    expect(reviewStates.filter(isDecided)).toEqual(['granted', 'refused'])
  })

  it('agents prepare disputes and decide businesses; supervisors decide both', () => {
    expect(openMoves('dispute', 'pending', 'agent')).toEqual(['take'])
    expect(openMoves('dispute', 'taken', 'agent')).toEqual([])
    expect(openMoves('dispute', 'taken', 'supervisor')).toEqual(['grant', 'refuse'])
    expect(openMoves('business', 'pending', 'agent')).toEqual(['take', 'grant', 'refuse'])
    expect(mayMove('dispute', 'grant', 'administrator')).toBe(true)
    expect(openMoves('business', 'granted', 'administrator')).toEqual([])
  })

  it('a refusal needs its reason', () => {
    expect(reviewInput.safeParse({ intent: 'refuse', note: ' ' }).success).toBe(false)
    expect(reviewInput.safeParse({ intent: 'refuse', note: 'a' }).success).toBe(true)
    expect(reviewInput.safeParse({ intent: 'grant' }).success).toBe(true)
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
