// The form that puts a finding away, or takes it out again.
import { choiceField } from '../forms/fields.ts'
import { form } from '../forms/form.ts'

/** Shown for a `finding` of a contract; `page`: the invoice's or the history's. */
export const findingForm = form({
  name: 'findings',
  fields: { intent: choiceField('button', ['dismiss', 'restore']) },
  failures: {},
})
