// What the drill says at its end, as it stands in docs/drill.md: a line for each thing that was broken under load, and what each step measured.
import os from 'node:os'

/** Of requests: how many there were, and how many met an error. */
export type Tally = { asked: number; failed: number }

export type Row = {
  /** What was broken. */
  what: string
  gets: Tally
  /** `inFlight`: of those that failed, on which nothing came back; the others were told to come again. */
  posts: Tally & { inFlight: number }
  /** From when it was back until the last error. */
  recoveredMs: number
  /** Payments that the bank took, or a customer was told of, and that are not there; and those that are there twice. */
  lost: number
  doubled: number
}

/** A step that was gone through, and what it measured, in lines. */
export type Passed = { name: string; figures: string[] }

const ROWS_HEAD = `| step | errors of GET | errors of POST | of these in flight | seconds to recover | lost | doubled |
| --- | --- | --- | --- | --- | --- | --- |`
const STEPS_HEAD = `| step | measured |
| --- | --- |`

export const rowsTable = (rows: Row[]): string => [ROWS_HEAD, ...rows.map(line)].join('\n')

const line = ({ what, gets, posts, recoveredMs, lost, doubled }: Row): string =>
  `| ${[what, of(gets), of(posts), posts.inFlight, (recoveredMs / 1000).toFixed(1), lost, doubled].join(' | ')} |`

const of = ({ asked, failed }: Tally): string => `${failed} of ${asked}`

/** All that "What it showed" in docs/drill.md needs. `ended`: how it ended, as "19 passed, 0 failed, in 900 s". */
export function report(ended: string, rows: Row[], passed: Passed[]): string {
  const load = os.loadavg()[2]!.toFixed(1)
  const day = new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
  const head = `On ${day}, on ${os.availableParallelism()} cores (load of the last quarter of an hour: ${load}): ${ended}.`
  const steps = passed.map(step => measured(step, rows)).filter(Boolean)
  return `${[head, rowsTable(rows), 'What the steps measured beside that:', [STEPS_HEAD, ...steps].join('\n')].join('\n\n')}\n`
}

/** Its line; empty where the table of rows says all. */
function measured({ name, figures }: Passed, rows: Row[]): string {
  const besides = figures.filter(figure => !rows.some(({ what }) => figure.startsWith(`${what}: errors`)))
  // A line that goes on in the next one ends so.
  const text = besides
    .map(figure => figure.trim().replaceAll('|', '\\|'))
    .join('; ')
    .replaceAll(/([,;]| with); /g, '$1 ')
  return text && `| \`${name}\` | ${text} |`
}
