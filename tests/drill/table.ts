// What the drill says at its end: a line for each thing that was broken, as it stands in docs/drill.md.

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

const HEAD = `| step | errors of GET | errors of POST | of these in flight | seconds to recover | lost | doubled |
| --- | --- | --- | --- | --- | --- | --- |`

export const markdown = (rows: Row[]): string => [HEAD, ...rows.map(line)].join('\n')

const line = ({ what, gets, posts, recoveredMs, lost, doubled }: Row): string =>
  `| ${[what, of(gets), of(posts), posts.inFlight, (recoveredMs / 1000).toFixed(1), lost, doubled].join(' | ')} |`

const of = ({ asked, failed }: Tally): string => `${failed} of ${asked}`
