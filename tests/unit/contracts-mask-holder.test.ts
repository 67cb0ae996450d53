// The holder's data is masked for everyone else, field by field, known or not.
import { describe, expect, it } from 'vitest'
import { type HolderFields, maskHolder } from '../../lib/contracts/rules.ts'

const holder: HolderFields = {
  name: 'Blerta Krasniqi',
  address: 'Rruga Agim Ramadani 21',
  phone: null,
  personalNumber: '1234567892',
  businessNumber: null,
}

describe('maskHolder', () => {
  it('shows the holder everything', () => {
    expect(maskHolder(holder, 'holder')).toEqual(holder)
  })

  it.each(['masked', 'amounts'] as const)('shows exactly ** in every field at level %s', level => {
    const unknown = { name: null, address: null, phone: null, personalNumber: null, businessNumber: null }
    const masked = { name: '**', address: '**', phone: '**', personalNumber: '**', businessNumber: '**' }
    expect(maskHolder(holder, level)).toEqual(masked)
    expect(maskHolder(unknown, level)).toEqual(masked)
  })
})
