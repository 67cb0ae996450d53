// The holder's data is masked for everyone else, field by field, known or not.
import { describe, expect, it } from 'vitest'
import { type HolderFields, maskHolder } from '../../lib/contracts/rules.ts'

const holder: HolderFields = {
  name: 'Blerta Krasniqi',
  address: 'Rruga Agim Ramadani 21',
  phone: null,
  personalNumber: '1234567892',
  businessNumber: null,
  meterNumber: 'K200001',
}

describe('maskHolder', () => {
  it('shows the holder everything', () => {
    expect(maskHolder(holder, 'holder')).toEqual(holder)
  })

  it.each(['masked', 'amounts'] as const)('shows exactly ** in every field at level %s', level => {
    const allOf = <Value>(value: Value) => Object.fromEntries(Object.keys(holder).map(key => [key, value]))
    const unknown = allOf(null) as HolderFields
    const masked = allOf('**')
    expect(maskHolder(holder, level)).toEqual(masked)
    expect(maskHolder(unknown, level)).toEqual(masked)
  })
})
