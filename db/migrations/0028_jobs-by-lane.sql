-- outside a transaction
-- A lane of jobs asks the queue for the tasks of its own. By the queue's own index, by priority, it reads past all that wait in other lanes: 33 ms
-- where 100,000 e-mails do.
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_by_task ON graphile_worker._private_jobs (task_id, priority, run_at)
  WHERE is_available = true;
