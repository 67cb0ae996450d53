// Every setting of the portal, in one schema; the README lists them.
import { distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { parseJson } from './json.ts'
import { staffDirectories } from './staff-directories.ts'
import { transferDetails } from './transfer-details.ts'

const flag = z
  .enum(['0', '1', 'true', 'false', 'on', 'off'], 'is neither on nor off')
  .transform(value => ['1', 'true', 'on'].includes(value))
const whole = (max: number, min = 1) =>
  z
    .string()
    .regex(/^\d+$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `is less than ${min}`).max(max, `is more than ${max}`))
const count = (fallback: number, max = 1_000_000, min = 1) => whole(max, min).default(fallback)
const postgres = z
  .string()
  .regex(/^postgres(ql)?:\/\//, 'is not a postgres:// address')
  .optional()

/** Nobody reads along: https, or this machine itself. */
const IS_PRIVATE = /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$))/

/** Whether nobody reads along on the way to an address. */
export const isPrivateAddress = (address: string): boolean => IS_PRIVATE.test(address)

/** From whatever there is to say down to nothing at all. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

const settings = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('production'),
  PORT: count(3000, 65535),
  /** Processes that serve; each has its own connections. */
  WEB_PROCESSES: count(1, 64),
  /** Where Prometheus fetches the figures of this node (docs/metrics.md); unset: nowhere. */
  METRICS_PORT: whole(65535).optional(),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  /** So long the portal says that it stops, and serves on, before it takes no more connections. */
  DRAIN_SECONDS: count(5, 120, 0),
  /** Unset: the embedded PostgreSQL is started, with its data under DATA_DIR. */
  DATABASE_URL: postgres,
  /** Where two roles are given: the one that owns the database, for migrations, feeds and `npm run staff`. */
  DATABASE_OWNER_URL: postgres,
  /** Where DATABASE_URL leads to a PgBouncer: PostgreSQL itself, for migrations and jobs. */
  DATABASE_DIRECT_URL: postgres,
  /** A database that follows: history, statements, statistics and the audit log are read there. Unset: on the primary. */
  DATABASE_REPLICA_URL: postgres,
  /** It is read while it is at most so far behind; so long a browser that has sent something reads on the primary. */
  DATABASE_REPLICA_LAG_SECONDS: count(10, 3600, 5),
  /** Most connections of a process: so many for pages, and as many for jobs. */
  DATABASE_POOL: count(10, 500),
  /** So long the database is waited for: for a connection, a statement, what somebody else holds, the next statement. */
  DATABASE_CONNECT_SECONDS: count(5, 3600),
  DATABASE_PAGE_SECONDS: count(10, 3600),
  DATABASE_PAGE_LOCK_SECONDS: count(5, 3600),
  DATABASE_JOB_SECONDS: count(300, 86_400),
  DATABASE_JOB_LOCK_SECONDS: count(60, 3600),
  DATABASE_FEED_SECONDS: count(3600, 86_400),
  DATABASE_IDLE_SECONDS: count(60, 3600),
  DATA_DIR: z.string().min(1).default('.data'),
  /** How much the log tells; `info`: a line a request. */
  LOG_LEVEL: z.enum(logLevels, `is none of ${logLevels.join(', ')}`).default('info'),
  /** Whom traces are sent to, by OTLP over HTTP; OpenTelemetry reads it itself. Unset: none are made. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url('is no address').optional(),
  /** The address customers use: links in messages, the bank's way back, the Origin that forms must come from. */
  APP_URL: z.url('is no address'),
  /** Signs and encrypts sessions, codes and messages. At least 32 characters. */
  AUTH_SECRET: z.string().min(32, 'needs at least 32 characters'),
  /** Secrets of before, by commas: what they sealed and signed still counts. */
  AUTH_SECRET_PREVIOUS: z
    .string()
    .default('')
    .transform(list => list.split(',').filter(Boolean))
    .refine(list => list.every(secret => secret.length >= 32), 'has a secret of less than 32 characters'),
  /** Next.js reads it itself, when it builds and when it serves. */
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: z
    .string()
    .refine(key => Buffer.from(key, 'base64').length === 32, 'is not the base64 of 32 bytes')
    .optional(),
  DEMO: flag.default(false),
  DEMO_PASSWORD: z.string().min(8).default('Demo-2024'),
  /** Addresses of the load balancers whose X-Forwarded-For is believed, separated by commas. */
  TRUSTED_PROXIES: z.string().default(''),
  /** Runs jobs inside the web process; off where bin/worker runs them. */
  JOBS_IN_PROCESS: flag.default(true),
  SESSION_IDLE_HOURS: count(24 * 7),
  SESSION_MAX_HOURS: count(24 * 30),
  /** Of one account at once: another one ends that which was used longest ago. */
  SESSIONS_PER_ACCOUNT: count(50),
  /** A session of staff ends after so long: a working day. */
  STAFF_SESSION_HOURS: count(10, 24),
  /** Companies' directories that sign their staff in by OpenID Connect (lib/platform/staff-directories.ts). */
  STAFF_DIRECTORIES: z
    .string()
    .default('{}')
    .transform((text, context) => {
      const read = staffDirectories.safeParse(parseJson(text))
      const [wrong] = read.error?.issues ?? []
      if (wrong) context.addIssue(`is wrong at ${wrong.path.join('.') || 'its beginning'}: ${wrong.message}`)
      return read.data ?? []
    }),
  /** Guesses: how many in how many minutes, per account and per address. */
  LIMIT_SIGN_IN_PER_ACCOUNT: count(10),
  LIMIT_SIGN_IN_PER_ADDRESS: count(100),
  /** Right ones of an account in an hour; those of its own browsers are counted apart. */
  LIMIT_SIGN_INS_PER_HOUR: count(60),
  /** An IPv6 /48 may do so many times as much as one of its /64, which counts as one address. */
  LIMIT_IPV6_48_FACTOR: count(10, 65_536),
  LIMIT_TWO_FACTOR_PER_ACCOUNT: count(5),
  /** Waits after too many guesses grow up to this. */
  LIMIT_LONGEST_WAIT_MINUTES: count(240),
  LIMIT_REGISTER_PER_ADDRESS: count(100),
  /** Codes to one number or e-mail address. */
  LIMIT_CODE_SENDS_PER_HOUR: count(5),
  LIMIT_CODE_SENDS_PER_DAY: count(10),
  /** Codes by SMS in the whole deployment. */
  LIMIT_SMS_PER_HOUR: count(1000),
  LIMIT_SMS_PER_DAY: count(5000),
  /** Codes by SMS, and new passwords asked for, from one address: one alone does not use up what the deployment has. */
  LIMIT_SMS_PER_ADDRESS_AND_HOUR: count(60),
  LIMIT_SMS_PER_ADDRESS_AND_DAY: count(200),
  /** Where codes by SMS go, by ISO 3166 codes: here, and where people from here have gone. */
  SMS_COUNTRIES: z
    .string()
    .regex(/^[A-Z]{2}( *, *[A-Z]{2})*$/, 'is not a list of countries, such as AL,XK,DE')
    .default(
      'AL,XK,MK,ME,RS,BA,HR,SI,IT,GR,DE,AT,CH,LI,FR,BE,NL,LU,GB,IE,ES,PT,SE,NO,DK,FI,IS,CY,MT,CZ,SK,HU,PL,RO,BG,US,CA',
    )
    .transform(list => list.split(',').map(country => country.trim())),
  /** Comparisons of what was typed with one personal number's or contract's data in an hour: from one address, and in all. */
  LIMIT_COMPARISONS_PER_ADDRESS: count(10),
  LIMIT_COMPARISONS_PER_HOUR: count(50),
  LIMIT_RESETS_PER_HOUR: count(5),
  LIMIT_CONTRACT_ADDS_PER_HOUR: count(20),
  LIMIT_CONTRACT_PROOFS_PER_HOUR: count(10),
  LIMIT_CONTRACT_PROOFS_PER_CONTRACT: count(30),
  LIMIT_PAYMENTS_PER_HOUR: count(60),
  /** Bills looked for at /pay in an hour: of one contract from one address, from one address, and of one contract. */
  LIMIT_BILLS_PER_ADDRESS_AND_CONTRACT: count(10),
  LIMIT_BILLS_PER_ADDRESS: count(100),
  LIMIT_BILLS_PER_CONTRACT: count(50),
  /** Payments of a contract that people without an account begin in a day and do not pay. */
  LIMIT_GUEST_PAYMENTS_PER_CONTRACT: count(6),
  /** Links to send that an account makes in a day, how many days one can be paid by, and what is forgotten after so many more. */
  LIMIT_PAY_LINKS_PER_DAY: count(30),
  PAY_LINK_DAYS: count(14, 365),
  PAY_LINK_KEPT_DAYS: count(30, 3650),
  /** Meter readings that an account sends in a day, and after how many days they are forgotten. */
  LIMIT_READINGS_PER_DAY: count(30),
  READING_DAYS: count(1095, 3650),
  /** The list of all unpaid invoices is made at once for up to so many, and else by a job. */
  UNPAID_LIST_AT_ONCE: count(200, 10_000),
  /** Payments: after so many minutes the bank is asked what became of an attempt. */
  PAYMENT_EXPIRY_MINUTES: count(90),
  /** After so many minutes without a try at the bank, an attempt is stale: another payer of its invoices may release it. */
  PAYMENT_STALE_MINUTES: count(10),
  /** Secrets of billers' accounts at banks, by the accounts' codes: `{"oshee-bkt":{"storeKey":"…"}}`. */
  GATEWAY_SECRETS: z
    .string()
    .default('{}')
    .transform((text, context) => {
      const read = z.record(z.string(), z.record(z.string(), z.string().min(1))).safeParse(parseJson(text))
      if (!read.success)
        context.addIssue('is no JSON of accounts and their secrets, such as {"oshee-bkt":{"storeKey":"…"}}')
      return read.data ?? {}
    }),
  /** So long, and no longer, a customer or a bank waits while somebody else holds a contract, as a feed does. */
  PAYMENT_LOCK_WAIT_MS: count(1000, 10_000),
  /** E-mails: the mail server, and the sender. STARTTLS is demanded unless the address says `?requireTLS=false`. */
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'is not an smtp:// or smtps:// address')
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(/^([^<>\r\n]+<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, 'is not an e-mail address')
    .optional(),
  /** What the mail service signs its reports of e-mails with; unset: it reports none. */
  MAIL_REPORT_KEY: z.string().min(32, 'needs at least 32 characters').optional(),
  /** Signs e-mails: the domain of MAIL_FROM, the name under which its public key stands there, and the private key as PEM. */
  DKIM_DOMAIN: z.string().min(1).optional(),
  DKIM_SELECTOR: z.string().min(1).optional(),
  DKIM_KEY_FILE: z.string().min(1).optional(),
  /** SMS: the account at Infobip, and the sender (11 letters or 15 digits at most). */
  INFOBIP_BASE_URL: z.string().regex(IS_PRIVATE, 'is not an https:// address').optional(),
  INFOBIP_API_KEY: z.string().min(1).optional(),
  SMS_SENDER: z.string().max(15, 'has more than 15 characters').optional(),
  /** `plain`: without ë, ç, š, ž, č, ć and đ, so that twice as much fits into a part. */
  SMS_LETTERS: z.enum(['plain', 'kept'], 'is neither plain nor kept').default('plain'),
  /** In these hours at the biller's place no notice is sent: `21-8`, or `off`. */
  QUIET_HOURS: z
    .string()
    .regex(/^(off|([01]?\d|2[0-3])-([01]?\d|2[0-3]))$/, 'is neither hours, such as 21-8, nor off')
    .default('21-8')
    .transform(text => {
      const [from, until] = text.split('-').map(Number)
      return until === undefined || from === until ? null : { from: from!, until }
    }),
  /** Notices sent in a minute, on all nodes together: whatever more there are wait, and codes go beside them. */
  NOTICE_EMAILS_PER_MINUTE: count(600, 100_000),
  NOTICE_SMS_PER_MINUTE: count(120, 100_000),
  /** Postal addresses of regulators, by their names: `{"ERE":"Rruga …\\nTiranë"}`. Of one that is not there the file has blank lines. */
  REGULATOR_ADDRESSES: z
    .string()
    .default('{}')
    .transform((text, context) => {
      const read = z.record(z.string(), z.string()).safeParse(parseJson(text))
      if (!read.success) context.addIssue('is no JSON of names and addresses, such as {"ERE":"Tiranë"}')
      return read.data ?? {}
    }),
  /** Where transfers for billers' bills go, by their codes: `{"kesco":{"beneficiary":"KESCO sh.a.","iban":"XK…"}}`. */
  TRANSFER_DETAILS: z
    .string()
    .default('{}')
    .transform((text, context) => {
      const read = transferDetails.safeParse(parseJson(text))
      const [wrong] = read.error?.issues ?? []
      if (wrong) context.addIssue(`is wrong at ${wrong.path.join('.') || 'its beginning'}: ${wrong.message}`)
      return read.data ?? {}
    }),
  /** Uploaded documents: on `disk` under DATA_DIR where there is a single node, else in an S3-compatible service. */
  STORAGE: z.enum(['disk', 's3'], 'is neither disk nor s3').default('disk'),
  S3_ENDPOINT: z.url('is no address').optional(),
  S3_BUCKET: z.string().min(3).optional(),
  S3_REGION: z.string().min(1).optional(),
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  /** A file's size, and files in one form; the server takes bodies of both together. Photographs come with requests. */
  DOCUMENT_MAX_MB: count(5, 20),
  DOCUMENTS_PER_FORM: count(5, 10),
  REQUEST_DOCUMENT_MAX_MB: count(10, 20),
  /** Documents that an account may have stored at once. */
  DOCUMENTS_PER_ACCOUNT: count(50),
  /** Documents are removed so many days after what they belong to was decided. */
  DOCUMENT_DAYS: count(90, 3650),
  /** So long what happened, messages, banks' answers and devices are kept; the first never less than a year. */
  AUDIT_DAYS: count(3 * 365, 36_500, 366),
  MESSAGE_DAYS: count(365, 36_500),
  /** So long a notice stands in the inbox; never so short that the same were told again (NEWS_DAYS). */
  NOTICE_DAYS: count(2 * 365, 36_500, 90),
  PAYMENT_EVENT_DAYS: count(10 * 365, 36_500),
  /** So long, and so many an hour, answers are kept that came in a bank's name and are not the bank's. */
  FORGED_ANSWER_DAYS: count(90, 3650),
  LIMIT_FORGED_ANSWERS_PER_HOUR: count(100),
  KNOWN_DEVICE_DAYS: count(365, 36_500),
  /** The virus scanner: clamd's address, or its socket. Unset: documents are handed over unscanned, and staff are told. */
  CLAMD: z
    .string()
    .regex(
      /^(\/.+|(\[[0-9a-fA-F:.]+\]|[^\s/:[\]]+):\d{1,5})$/,
      'is neither host:port nor the path of a socket',
    )
    .optional(),
  /** Who backs the database up: PostgreSQL's own archive of its log, or somebody of whom PostgreSQL knows nothing. */
  BACKUP: z.enum(['archive', 'elsewhere'], 'is neither archive nor elsewhere').default('archive'),
  /** Forms in an hour whose typed words are kept, until they are shown anew. */
  LIMIT_DRAFTS_PER_ADDRESS: count(600),
  LIMIT_DISPUTES_PER_ADDRESS: count(20),
  LIMIT_BUSINESSES_PER_DAY: count(10),
  LIMIT_REQUESTS_PER_DAY: count(30),
  LIMIT_CERTIFICATES_PER_DAY: count(20),
  LIMIT_REQUEST_MOVES_PER_HOUR: count(30),
  /** Customers that a member of staff opens or unmasks; of how many supervisors are told; identifiers that found nobody. */
  LIMIT_LOOKS_PER_HOUR: count(120),
  LIMIT_LOOKS_PER_DAY: count(600),
  LIMIT_LOOKS_ALARM_PER_HOUR: count(60),
  LIMIT_LOOKS_ALARM_PER_DAY: count(300),
  LIMIT_LOOKUP_MISSES_PER_HOUR: count(20),
  /** Events of what was refused that are written down in an hour, of one kind: for an address, and in all. */
  LIMIT_RECORDED_PER_ADDRESS: count(20),
  LIMIT_RECORDED_PER_HOUR: count(2000),
  /** Forms with documents, in an hour, and at once in one process. */
  LIMIT_UPLOADS_PER_ADDRESS: count(60),
  LIMIT_UPLOADS_PER_SESSION: count(30),
  UPLOADS_AT_ONCE_PER_ADDRESS: count(6),
  UPLOADS_AT_ONCE_PER_SESSION: count(2),
  /** Certificates that are checked in an hour: by codes that none has, and by files. */
  LIMIT_CERTIFICATE_MISSES_PER_ADDRESS: count(30),
  LIMIT_CERTIFICATE_FILES_PER_ADDRESS: count(60),
  /** Feeds that billers' systems send: megabytes as they come and unpacked, how many an hour and at once in one process. */
  FEED_UPLOAD_MAX_MB: count(200, 2000),
  FEED_UNPACKED_MAX_MB: count(2000, 20_000),
  LIMIT_FEEDS_PER_HOUR: count(60),
  FEEDS_AT_ONCE: count(2, 20),
  /** Refused rows of feeds can be downloaded for so many days. */
  FEED_REFUSAL_DAYS: count(30, 365),
  /** Staff are told of a biller of which no feed has been loaded for so many days: `7`, or with billers of their own, `7,oshee=2`. */
  FEED_SILENT_DAYS: z
    .string()
    .regex(/^\d{1,3}(,[a-z-]+=\d{1,3})*$/, 'is no number of days, such as 7, or 7,oshee=2')
    .default('7'),
  /** Searches for outages by a contract's code: in an hour: from an address and of one contract, and from an address. */
  LIMIT_OUTAGES_PER_ADDRESS_AND_CONTRACT: count(5),
  LIMIT_OUTAGES_PER_ADDRESS: count(60),
  LIMIT_OUTAGES_PER_CONTRACT: count(60),
  /** Copies of one's own data. */
  LIMIT_COPIES_PER_DAY: count(3),
  /** Lists of all unpaid invoices that a job makes. */
  LIMIT_UNPAID_LISTS_PER_DAY: count(10),
  /** Signs debt certificates: a private RSA key, and its certificate followed by those that vouch for it, as PEM. */
  CERTIFICATE_KEY_FILE: z.string().min(1).optional(),
  CERTIFICATE_CHAIN_FILE: z.string().min(1).optional(),
  /** A channel that has not answered after so long is tried again later. */
  MESSAGE_TIMEOUT_SECONDS: count(15, 300),
})

/** In a demonstration nothing leaves the portal; without one all of this is needed. */
const NEEDED_FOR_CUSTOMERS = ['SMTP_URL', 'MAIL_FROM', 'INFOBIP_BASE_URL', 'INFOBIP_API_KEY', 'SMS_SENDER']
const NEEDED_FOR_S3 = ['S3_ENDPOINT', 'S3_BUCKET', 'S3_REGION', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']
/** Each is needed where another of them is given. */
const SIGNING = ['CERTIFICATE_KEY_FILE', 'CERTIFICATE_CHAIN_FILE']
const DKIM = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY_FILE']

export type Env = z.infer<typeof settings>

/** The names of all. */
export const settingNames = Object.keys(settings.shape)

let parsed: Env | undefined

/** The settings, read once. Throws as parseEnv does. */
export function env(): Env {
  parsed ??= parseEnv(process.env)
  return parsed
}

/** What begins so is meant for the portal; an environment holds many names that are not. */
const OURS = /^(LIMIT|FEED|DATABASE|DOCUMENTS?|PAYMENT|INFOBIP|MESSAGE|NOTICE|DKIM)_/
/** So many letters make another name of one of ours; short names are near to too many. */
const SLIPS = 2
const SHORT = 8

/** Names in the environment that look like settings and are none: a sentence each, with the one that may be meant. */
export function unknownSettings(source: Record<string, string | undefined>): string[] {
  return Object.keys(source).flatMap(name => {
    if (settingNames.includes(name)) return []
    const [nearest, slips] = settingNames
      .map((one): [string, number] => [one, distance(name, one)])
      .reduce((best, one) => (one[1] < best[1] ? one : best))
    const isNear = slips <= SLIPS && name.length >= SHORT
    if (!isNear && !OURS.test(name)) return []
    return [`${name} is no setting of the portal${slips <= 2 * SLIPS ? `; ${nearest} is` : ''}.`]
  })
}

/**
 * Throws an Error that says all that is wrong with them, a sentence a line. `needed`: what the program cannot do without, beside what
 * every one needs.
 */
export function parseEnv(
  source: Record<string, string | undefined>,
  needed: readonly (keyof Env)[] = [],
): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const forCustomers = flag.default(false).safeParse(given.DEMO).data === false
  const all = [
    ...needed,
    ...(forCustomers ? NEEDED_FOR_CUSTOMERS : []),
    ...(given.STORAGE === 's3' ? NEEDED_FOR_S3 : []),
    ...[SIGNING, DKIM].flatMap(group => (group.some(name => given[name] !== undefined) ? group : [])),
  ]
  const mask: { [Name in keyof Env]?: true } = Object.fromEntries(all.map(name => [name, true]))
  const result = settings.required(mask).safeParse(given)
  const issues = result.error?.issues.map(({ path, message }) => ({ name: String(path[0]), message })) ?? []
  if (forCustomers) issues.push(...overheard(given))
  if (result.success) issues.push(...openDirectories(result.data))
  if (result.success && issues.length === 0) return result.data
  const missing = [...new Set(issues.map(({ name }) => name))].filter(name => given[name] === undefined)
  const wrong = issues.filter(({ name }) => given[name] !== undefined)
  throw new Error(
    [
      ...(missing.length > 0 ? [sentenceOfMissing(missing)] : []),
      ...wrong.map(({ name, message }) => `The setting ${name} ${message}.`),
    ].join('\n'),
  )
}

/** Addresses over which personal data would go for others to read. */
const overheard = (given: Record<string, string | undefined>) =>
  (['APP_URL', 'S3_ENDPOINT'] as const)
    .filter(name => URL.canParse(given[name] ?? '') && !isPrivateAddress(given[name]!))
    .map(name => ({ name, message: 'is not an https:// address' }))

/** A directory is asked over https alone: what answers on this machine itself may not say who is staff, but in a demonstration. */
const openDirectories = ({ DEMO, STAFF_DIRECTORIES }: Env) =>
  STAFF_DIRECTORIES.filter(
    ({ issuer }) => !(DEMO ? isPrivateAddress(issuer) : issuer.startsWith('https://')),
  ).map(({ code }) => ({
    name: 'STAFF_DIRECTORIES',
    message: `is wrong at ${code}.issuer: is not an https:// address`,
  }))

const sentenceOfMissing = (names: string[]): string =>
  names.length === 1
    ? `The setting ${names[0]} is missing.`
    : `The settings ${names.slice(0, -1).join(', ')} and ${names.at(-1)} are missing.`
