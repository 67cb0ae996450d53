// The forms with which an administrator adds a tariff: one that is filled in and shown with what it changes, one that confirms it.
import { blockKinds } from '../../db/enums.ts'
import { choiceField, optional, shapedField, textField } from '../forms/fields.ts'
import { form, type Input } from '../forms/form.ts'
import { parseMinor, plainAmount } from '../platform/money.ts'
import { readCode, readDay } from '../platform/typed.ts'
import type { NewTariff, Tariff } from './schema.ts'

/** With a comma or a point. */
const decimal = (typed: string): string => readCode(typed).replaceAll(' ', '').replace(',', '.')

const DECIMAL = { inputMode: 'decimal', short: true } as const

/** Major units per kWh. */
const price = shapedField(
  10,
  'priceForm',
  typed => /^\d{1,4}(\.\d{1,4})?$/.exec(decimal(typed))?.[0],
  DECIMAL,
)

/** Minor units. */
const amount = shapedField(
  12,
  'amountForm',
  typed => (/^\d{1,6}(\.\d{1,2})?$/.test(decimal(typed)) ? parseMinor(decimal(typed)) : undefined),
  DECIMAL,
)

const percent = shapedField(
  6,
  'percentForm',
  typed => (/^(100|\d{1,2}(\.\d{1,2})?)$/.test(decimal(typed)) ? decimal(typed) : undefined),
  DECIMAL,
)

const limit = shapedField(
  6,
  'limitForm',
  typed => (/^[1-9]\d{0,5}$/.test(decimal(typed)) ? Number(decimal(typed)) : undefined),
  { inputMode: 'numeric', short: true },
)

/** Shown for a `biller`. */
export const previewTariffForm = form({
  name: 'tariffs.new',
  fields: {
    group: shapedField(40, 'groupForm', typed => /^[\w./-]+$/.exec(readCode(typed))?.[0], { short: true }),
    from: shapedField(14, 'dayForm', typed => readSensibleDay(typed), { short: true }),
    high: price,
    low: optional(price),
    blockKind: choiceField('select', ['none', ...blockKinds]),
    blockLimit: optional(limit),
    blockHigh: optional(price),
    blockLow: optional(price),
    fixedFee: amount,
    tvTax: amount,
    vatPercent: percent,
    source: textField(200),
    note: optional(textField(400)),
  },
  groups: {
    when: [['group', 'from']],
    energy: [['high', 'low']],
    block: ['blockKind', 'blockLimit', ['blockHigh', 'blockLow']],
    monthly: ['fixedFee', 'tvTax', 'vatPercent'],
    origin: ['source', 'note'],
  },
  together: ({ low, blockKind, blockLimit, blockHigh, blockLow }) => {
    const hasBlock = blockKind !== undefined && blockKind !== 'none'
    return {
      blockKind:
        !hasBlock && (blockLimit ?? blockHigh ?? blockLow) !== undefined ? 'blockKindMissing' : undefined,
      blockLimit: hasBlock && blockLimit === undefined ? 'required' : undefined,
      blockHigh: hasBlock && blockHigh === undefined ? 'required' : undefined,
      blockLow: hasBlock && (blockLow === undefined) !== (low === undefined) ? 'bothLow' : undefined,
    }
  },
  failures: {},
})

/** A year too many or too few is a slip. */
function readSensibleDay(typed: string) {
  const day = readDay(typed)
  return day && day >= '2000-01-01' && day < '2100-01-01' ? day : undefined
}

/** Shown for a `biller`, what is typed of the tariff, and the newest row of its group that the page `saw`. */
export const confirmTariffForm = form({
  name: 'tariffs.confirm',
  fields: {},
  failures: {} as Record<string, 'form'>,
})

type Typed = Record<keyof typeof previewTariffForm.fields, string>

/** What was typed, once all of it is right. */
export const tariffOf = ({
  from,
  blockKind,
  blockLimit,
  blockHigh,
  blockLow,
  low,
  note,
  ...plain
}: Input<typeof previewTariffForm>): NewTariff => ({
  ...plain,
  validFrom: from,
  low: low ?? null,
  block:
    blockKind === 'none'
      ? null
      : { kind: blockKind, limit: blockLimit!, high: blockHigh!, low: blockLow ?? null },
  note: note ?? null,
})

/** What the form would begin with to add this tariff, or another one like it. */
export const typedOf = (tariff: NewTariff | Tariff): Typed => ({
  group: tariff.group,
  from: tariff.validFrom,
  high: tariff.high,
  low: tariff.low ?? '',
  blockKind: tariff.block?.kind ?? 'none',
  blockLimit: String(tariff.block?.limit ?? ''),
  blockHigh: tariff.block?.high ?? '',
  blockLow: tariff.block?.low ?? '',
  fixedFee: plainAmount(tariff.fixedFee),
  tvTax: plainAmount(tariff.tvTax),
  vatPercent: tariff.vatPercent,
  source: tariff.source,
  note: tariff.note ?? '',
})
