// What the database tells of the whole portal: every node reads the same, so whoever adds nodes up takes the greatest.
import { Gauge, Registry } from '@prometheus-io/client'

const FIGURES = {
  drita_jobs_waiting: {
    help: 'Jobs that are due and that nobody has taken yet; of a kind 10,000 at most are counted.',
    labels: ['lane', 'task'],
  },
  drita_job_oldest_due_seconds: {
    help: 'For how long the oldest of them has been due.',
    labels: ['lane', 'task'],
  },
  drita_jobs_failed: {
    help: 'Jobs that were given up and that nobody has seen to; of a kind 10,000 at most are counted.',
    labels: ['lane', 'task'],
  },
  drita_job_processes: { help: 'Processes that have said in the last 40 seconds that they run jobs.' },
  drita_messages_queued: {
    help: 'Messages that are to be sent by now; about: message (a code, a link, something of one’s own) or notice, of which 100,000 at most are counted.',
    labels: ['channel', 'about'],
  },
  drita_message_oldest_seconds: {
    help: 'For how long the oldest of them should have been sent.',
    labels: ['channel', 'about'],
  },
  drita_messages_last_hour: {
    help: 'Messages that were written in the last hour, by what has become of them; of the newest 50,000.',
    labels: ['channel', 'state'],
  },
  drita_channel_paused: {
    help: '1 while a channel is left alone because it takes nothing.',
    labels: ['channel'],
  },
  drita_sms_spent: { help: 'Codes by SMS of this window; hours: 1 or 24.', labels: ['hours'] },
  drita_sms_budget: {
    help: 'How many there may be.',
    labels: ['hours'],
  },
  drita_payments_open: {
    help: 'Attempts to pay whose end is not known, by account at a bank; test: yes is no money.',
    labels: ['state', 'account', 'test'],
  },
  drita_payment_oldest_seconds: {
    help: 'For how long the oldest of them has been in this state.',
    labels: ['state', 'account', 'test'],
  },
  drita_payment_expiry_seconds: {
    help: 'After which one that the bank knows nothing of ends (PAYMENT_EXPIRY_MINUTES).',
  },
  drita_payments_last_hour: { help: 'Attempts to pay that ended in the last hour.', labels: ['state'] },
  drita_bank_silent_seconds: {
    help: 'For how long a bank has answered nothing that was asked about payments of an account; why: refused (it said so) or silent.',
    labels: ['account', 'test', 'why'],
  },
  drita_bank_forged_last_hour: {
    help: 'Answers in the name of an account’s bank that came in the last hour and were signed wrongly.',
    labels: ['account', 'test'],
  },
  drita_payment_exceptions: {
    help: 'Money that fits nothing, was paid twice or differs from a bank’s file, and waits for staff.',
    labels: ['kind'],
  },
  drita_payment_exception_oldest_seconds: {
    help: 'For how long the oldest of it has waited.',
    labels: ['kind'],
  },
  drita_refunds_waiting: {
    help: 'Refunds that wait for a second person (requested) or for the bank (submitted, unknown).',
    labels: ['state'],
  },
  drita_refund_oldest_seconds: {
    help: 'For how long the oldest of them has been in this state.',
    labels: ['state'],
  },
  drita_feed_age_seconds: {
    help: 'Since the newest feed of a biller that was loaded was begun with.',
    labels: ['biller'],
  },
  drita_feed_silent_after_seconds: {
    help: 'From which age of it on a biller is silent: its day and FEED_SILENT_DAYS more are over.',
    labels: ['biller'],
  },
  drita_feed_runs_last_day: {
    help: 'Feeds that came in the last 24 hours, by what has become of them.',
    labels: ['biller', 'outcome'],
  },
  drita_feed_files_refused_last_day: {
    help: 'Files of them that were refused as a whole, while the rest of the feed was loaded.',
    labels: ['biller'],
  },
  drita_feed_open_seconds: {
    help: 'Since the oldest feed that is queued or being loaded came.',
    labels: ['biller', 'status'],
  },
  drita_cases_open: { help: 'What staff have to decide.', labels: ['biller', 'queue'] },
  drita_cases_overdue: {
    help: 'What of it is past its deadline, without what waits for the customer.',
    labels: ['biller', 'queue'],
  },
  drita_maintenance_on: { help: '1 while maintenance mode is on.' },
  drita_maintenance_seconds: { help: 'For how long it has been on; 0 while it is off.' },
  drita_audit_partitions_ahead: {
    help: 'Monthly partitions of the audit log that are ready for months to come; nothing where it has none.',
  },
  drita_audit_rows_without_month: {
    help: 'Rows of the audit log that are newer than its newest monthly partition; 10,000 at most are counted.',
  },
  drita_database_bytes: { help: 'Size of the database.' },
  drita_database_connections: { help: 'Connections that PostgreSQL has, whoever’s.' },
  drita_database_connections_limit: { help: 'Most that it takes (max_connections).' },
  drita_standby_lag_seconds: {
    help: 'How far a standby is behind, by its application_name; nothing where the role may not read it (pg_monitor).',
    labels: ['standby'],
  },
  drita_replica_lag_seconds: {
    help: 'How far the replica of DATABASE_REPLICA_URL is behind; to ten seconds.',
  },
  drita_wal_archived_age_seconds: {
    help: 'Since PostgreSQL last archived a piece of its log; nothing where archive_mode is off.',
  },
  drita_wal_archive_off: {
    help: '1 where PostgreSQL archives none of its log and BACKUP does not say that backups are made elsewhere.',
  },
  drita_wal_archive_failing: { help: '1 where the last try to archive one failed.' },
} satisfies Record<string, { help: string; labels?: string[] }>

export type FigureName = keyof typeof FIGURES
/** A figure that is not known is left out. */
export type Figure = [name: FigureName, value: number | null, labels?: Record<string, string>]

export type FiguresRegistry = {
  registry: Registry
  /** These are all figures there are now. */
  publish: (figures: Figure[]) => void
}

export function figuresRegistry(): FiguresRegistry {
  const registry = new Registry()
  const gauges = new Map<string, Gauge<string>>()
  for (const [name, { help, ...given }] of Object.entries(FIGURES)) {
    const labelNames = ['scope', ...('labels' in given ? given.labels : [])]
    const told = `${help} The same on every node: take the greatest.`
    gauges.set(name, new Gauge({ name, help: told, labelNames, registers: [registry] }))
  }
  return {
    registry,
    publish: figures => {
      for (const gauge of gauges.values()) gauge.reset()
      for (const [name, value, labels] of figures) {
        if (value !== null) gauges.get(name)!.set({ scope: 'portal', ...labels }, value)
      }
    },
  }
}
