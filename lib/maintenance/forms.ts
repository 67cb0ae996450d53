// What an administrator fills in about maintenance.
import { asked, boxField, choiceField, optional, shapedField } from '../forms/fields.ts'
import { form } from '../forms/form.ts'
import { readDay, readTime } from '../platform/typed.ts'

const day = shapedField(14, 'dayForm', readDay, { short: true })
const time = shapedField(8, 'timeForm', readTime, { short: true })
/** That nobody can pay is meant: checked anew each time. */
const sure = { ...boxField('confirmMaintenance'), once: true } as const

/** Shown for `seen`, what the page saw (lib/maintenance/commands.ts). Of one that has begun only its end is asked for. */
export const maintenanceForm = form({
  name: 'maintenance',
  fields: {
    begins: asked(choiceField('select', ['now', 'later'])),
    day: asked(optional(day)),
    time: asked(optional(time)),
    untilDay: day,
    untilTime: time,
    sure,
  },
  groups: { begins: ['begins', ['day', 'time']], ends: [['untilDay', 'untilTime'], 'sure'] },
  together: ({ begins, day, time }) =>
    begins === 'later' ? { ...(!day && { day: 'required' }), ...(!time && { time: 'required' }) } : {},
  failures: {
    startsPast: 'time',
    startsTooFar: 'day',
    endsBeforeStart: 'untilTime',
    lastsTooLong: 'untilDay',
    moved: 'form',
  },
})

/** Ends it, or takes back what was announced. Shown for `seen`. */
export const endMaintenanceForm = form({
  name: 'endMaintenance',
  fields: { isOver: sure },
  failures: { moved: 'form' },
})
