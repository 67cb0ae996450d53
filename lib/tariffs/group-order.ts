// In which order tariff groups are listed, wherever they are.
import { type BillerCode, billerCodes, billerOf } from '../../db/billers.ts'

type Group = { biller: BillerCode; group: string }

const byNumber = new Intl.Collator('en', { numeric: true })

/** By biller; of one in the order of those that are known of it, households first, by voltage, then any other by its code. */
export const compareTariffGroups = (a: Group, b: Group): number =>
  billerCodes.indexOf(a.biller) - billerCodes.indexOf(b.biller) ||
  placeOf(a) - placeOf(b) ||
  byNumber.compare(a.group, b.group)

function placeOf({ biller, group }: Group): number {
  const known = billerOf(biller).tariffGroups ?? []
  const place = known.findIndex(({ form }) => form.test(group))
  return place < 0 ? known.length : place
}
