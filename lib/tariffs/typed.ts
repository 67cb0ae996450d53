// What an address says of a tariff to be added.
import type { Form } from '../forms/form.ts'
import { readFields } from '../forms/sent.ts'
import { previewTariffForm, tariffOf } from './forms.ts'
import type { NewTariff } from './schema.ts'

/** A tariff as an address says it, field by field; undefined where it says none, or a wrong one. */
export function readNewTariff(typed: Partial<Record<string, string | string[]>>): NewTariff | undefined {
  const one = (name: string): [string, string[]] => [name, [typed[name] ?? []].flat()]
  const sent = { typed: new Map(Object.keys(previewTariffForm.fields).map(one)), content: '' }
  const read = readFields(previewTariffForm as Form<typeof previewTariffForm.fields>, sent)
  return read.ok ? tariffOf(read.input) : undefined
}
