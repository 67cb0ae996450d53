// What became of forms that were sent, so that the same form sent again gets the same answer; and those not sent yet.
import { index, pgTable } from 'drizzle-orm/pg-core'

export const formAnswers = pgTable(
  'form_answers',
  c => ({
    /** A hash of the random key of the form that was shown and of all that was sent with it. */
    key: c.text().primaryKey(),
    claimedAt: c.timestamp({ withTimezone: true }).notNull(),
    /** None while its command runs. */
    outcome: c.text({ enum: ['done', 'failed'] }),
    /** Sealed: what the command gave, or why not. */
    answer: c.text(),
  }),
  t => [index('form_answers_claimed').on(t.claimedAt)],
)

/** What was typed into a form that has to be shown anew, sealed, for half an hour. */
export const formDrafts = pgTable(
  'form_drafts',
  c => ({
    id: c.uuid().primaryKey(),
    keptAt: c.timestamp({ withTimezone: true }).notNull(),
    typed: c.text().notNull(),
  }),
  t => [index('form_drafts_kept').on(t.keptAt)],
)
