// What administrators do with jobs that were given up.
import { choiceField } from '../forms/fields.ts'
import { form } from '../forms/form.ts'

/** One job, or all of its kind. */
export const retryJobsForm = form({
  name: 'failedJobs',
  fields: { intent: choiceField('button', ['one', 'kind']) },
  failures: { gone: 'form' },
})
