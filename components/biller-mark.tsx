// How a biller is told from others at a glance: its own mark where it handed one over, and an icon of what it supplies in lists of several.
import type { BillerCode } from '@/lib/billers/contract-codes.ts'
import { type Logo, logoOf, type Supply, supplyOf } from '@/lib/billers/supply.ts'
import type { IconName } from './ui/icon.tsx'

const ICONS: Record<Supply, IconName> = {
  electricity: 'bolt',
  water: 'drop',
  telephone: 'phone',
  television: 'tv',
  fines: 'fine',
}

export const supplyIcon = (biller: BillerCode): IconName => ICONS[supplyOf(biller)]

/** The icon of each row, where the list is of several billers: of one alone it would say nothing. */
export function supplyIcons(contracts: readonly { biller: { code: BillerCode } }[]) {
  const areSeveral = new Set(contracts.map(({ biller }) => biller.code)).size > 1
  return ({ code }: { code: BillerCode }) => (areSeveral ? supplyIcon(code) : undefined)
}

/** Nothing where the biller has no mark: its name stands beside this in any case. */
export function BillerMark({ biller }: { biller: BillerCode }) {
  const logo = logoOf(biller)
  return logo && <Mark {...logo} />
}

/** A drawing in the colour of the text about it; the name beside it says whose it is. */
export function Mark({ width, height, path }: Logo) {
  return (
    <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true" className="biller-mark">
      <path fill="currentColor" d={path} />
    </svg>
  )
}
