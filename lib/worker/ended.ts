// What became of each job of this process, for metrics.
import type { Job, WorkerEvents } from 'graphile-worker'

/** `retried`: it failed and is tried again. `failed`: it failed for good. */
export type JobEnd = { task: string; outcome: 'done' | 'retried' | 'failed'; seconds: number }
type Listener = (end: JobEnd) => void

const listeners = new Set<Listener>()

/** From now on `listener` is told of each job that ends in this process. */
export function whenJobEnds(listener: Listener): void {
  listeners.add(listener)
}

/** Tells of the jobs of a lane. */
export function followJobs(lane: WorkerEvents): void {
  const begun = new WeakMap<Job, number>()
  const ended = (job: Job, outcome: JobEnd['outcome']) => {
    const seconds = (performance.now() - (begun.get(job) ?? performance.now())) / 1000
    for (const listener of listeners) listener({ task: job.task_identifier, outcome, seconds })
  }
  lane.on('job:start', ({ job }) => begun.set(job, performance.now()))
  lane.on('job:success', ({ job }) => ended(job, 'done'))
  lane.on('job:error', ({ job }) => ended(job, job.attempts < job.max_attempts ? 'retried' : 'failed'))
}
