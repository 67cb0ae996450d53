// Lines of the log that want somebody at once, by how they begin after ALARM: of each kind a counter stands at 0 until it comes.
export const alarms = [
  'answers in a bank’s name are signed wrongly',
  'a bank refuses our questions',
  'a bank does not let us sign in',
  'a bank says that our form is signed wrongly',
  'paid with a test card',
  'money that fits nothing',
  'a bank and the portal differ about money',
  'settlement files of an account at a bank have stopped coming',
  'a refund failed',
  'no feed of a biller has been loaded for days',
  'rows of a feed cannot be loaded',
  'an upload was lost before it was loaded',
  'the clock of this machine is not the database’s',
  'a member of staff opens very many customers',
] as const
export type Alarm = (typeof alarms)[number]

type Listener = (alarm: Alarm) => void

// On globalThis: the framework loads this module once per bundle.
const holder = globalThis as typeof globalThis & { dritaAlarms?: Set<Listener> }
holder.dritaAlarms ??= new Set()
const listeners = holder.dritaAlarms

/** From now on `listener` is told of each alarm that this process writes into its log. */
export function whenAlarmed(listener: Listener): void {
  listeners.add(listener)
}

/** Quotes of whatever else stands in a line have a backslash before them. */
const BEGINS = '"msg":"ALARM: '

/** `line`: of the log, as it is written. */
export function noteAlarm(line: string): void {
  const begins = line.indexOf(BEGINS)
  if (begins === -1) return
  const alarm = alarms.find(one => line.startsWith(one, begins + BEGINS.length))
  if (alarm) for (const listener of listeners) listener(alarm)
}
