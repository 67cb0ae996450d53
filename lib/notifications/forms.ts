// The form of the inbox.
import { choiceField, idsField } from '../forms/fields.ts'
import { type Field, form } from '../forms/form.ts'
import { noticeIntents } from './inbox.ts'

/** When the page was made: no later message was seen. */
const until: Field<Date> = {
  kind: 'hidden',
  read: typed => {
    const value = new Date(typed)
    return Number.isNaN(value.getTime()) ? { error: 'required' } : { value }
  },
}

/** `readAll` is about all that had come by `until`, whatever is chosen. */
export const inboxForm = form({
  name: 'inbox',
  fields: { notices: idsField({}), until, intent: choiceField('button', [...noticeIntents, 'readAll']) },
  together: ({ notices, intent }) =>
    intent !== 'readAll' && notices?.length === 0 ? { notices: 'chooseMessage' } : {},
  failures: {},
})
