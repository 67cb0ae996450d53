// RaiAccept's tokens: one login for all that a process asks, refreshed, and never so often that the bank locks the account.
import { z } from 'zod'
import { clock } from '../../platform/clock.ts'
import { log } from '../../platform/log.ts'
import type { GatewayAccount } from './gateway.ts'
import { type Answer, type Call, send } from './raiaccept-http.ts'

const seconds = z.number().positive()
const refreshed = z.object({ accessToken: z.string().min(1), accessTokenExpiresIn: seconds.catch(299) })
const loggedIn = refreshed.extend({
  refreshToken: z.string().min(1).optional().catch(undefined),
  refreshTokenExpiresIn: seconds.catch(86_399),
})

type Token = { value: string; until: number }
type Session = {
  access?: Token
  refresh?: Token
  /** The login or refresh under way: whoever else needs a token waits for it. */
  renewal?: Promise<void>
  mayLoginFrom: number
  /** Logins refused one after the other. */
  refused: number
}

const sessions = new Map<string, Session>()

/** A token is not used in its last seconds: it could expire on its way. */
const MARGIN_MS = 15_000
/** Between two logins, whatever the bank makes of its tokens. */
const LOGIN_PAUSE_MS = 60_000
/** After a login without an answer. */
const UNREACHED_PAUSE_MS = 5000
const LONGEST_PAUSE_MS = 3_600_000

const INTEGRATION = {
  integrationContext: { type: 'CODE', data: { name: 'drita', version: '1', vendor: 'drita' } },
}

/**
 * Sends a request with a token, and once more with a new one where that is refused: what was refused so was not carried out. Undefined:
 * there is no token to be had now, and nothing was sent. Throws as `send` does.
 */
export async function sendSignedIn(account: GatewayAccount, call: Call): Promise<Answer | undefined> {
  const accessToken = await getToken(account)
  if (!accessToken) return undefined
  const answer = await send(account, { ...call, accessToken })
  if (answer.status !== 401) return answer
  const another = await getToken(account, accessToken)
  return another ? send(account, { ...call, accessToken: another }) : undefined
}

/** Whether the bank refused the last login: until that is mended it answers nothing of the account. */
export const isLoginRefused = (account: GatewayAccount): boolean => sessionOf(account).refused > 0

/** A token to use now; `refused`: one that the bank does not take although it has not expired. */
async function getToken(account: GatewayAccount, refused?: string): Promise<string | undefined> {
  const session = sessionOf(account)
  if (session.access && session.access.value === refused) session.access = undefined
  if (!isUsable(session.access)) {
    session.renewal ??= renew(account, session).finally(() => {
      session.renewal = undefined
    })
    await session.renewal
  }
  return isUsable(session.access) ? session.access.value : undefined
}

/** Where one signs in, without a slash at the end. */
const loginBase = ({ authUrl, apiUrl }: GatewayAccount) => (authUrl ?? apiUrl ?? '').replace(/\/$/, '')

function sessionOf(account: GatewayAccount): Session {
  const key = JSON.stringify([account.code, loginBase(account), account.secrets.apiUser])
  const known = sessions.get(key) ?? { mayLoginFrom: 0, refused: 0 }
  sessions.set(key, known)
  return known
}

const now = () => clock.now().getTime()

const isUsable = (token: Token | undefined): token is Token => token !== undefined && now() < token.until

/** Ends a margin early, but is used for half its time at least. */
const token = (value: string, lifeSeconds: number): Token => {
  const lifeMs = lifeSeconds * 1000
  return { value, until: now() + Math.max(lifeMs - MARGIN_MS, lifeMs / 2) }
}

async function renew(account: GatewayAccount, session: Session): Promise<void> {
  if (isUsable(session.refresh)) {
    const answer = await ask(account, 'refresh', { refreshToken: session.refresh.value })
    const { data } = refreshed.safeParse(answer?.body)
    if (answer && isDone(answer) && data) {
      session.access = token(data.accessToken, data.accessTokenExpiresIn)
      return
    }
    // A bank that is out of order has not refused it.
    if (!answer || !isRefusal(answer)) return
    session.refresh = undefined
  }
  await login(account, session)
}

async function login(account: GatewayAccount, session: Session): Promise<void> {
  if (now() < session.mayLoginFrom) return
  const { apiUser: username, apiPassword: password } = account.secrets
  const answer = await ask(account, 'login', { username, password })
  const { data } = loggedIn.safeParse(answer?.body)
  if (answer && isDone(answer) && data) {
    session.access = token(data.accessToken, data.accessTokenExpiresIn)
    session.refresh = data.refreshToken ? token(data.refreshToken, data.refreshTokenExpiresIn) : undefined
    session.refused = 0
    session.mayLoginFrom = now() + LOGIN_PAUSE_MS
    return
  }
  if (answer && isRefusal(answer)) {
    session.mayLoginFrom = now() + Math.min(LOGIN_PAUSE_MS * 2 ** session.refused, LONGEST_PAUSE_MS)
    session.refused += 1
    log.error({ account: account.code, status: answer.status }, 'ALARM: a bank does not let us sign in')
  } else {
    session.mayLoginFrom = now() + UNREACHED_PAUSE_MS
    log.warn({ account: account.code, status: answer?.status }, 'a bank did not answer our login')
  }
}

const isDone = ({ status }: Answer) => status >= 200 && status < 300
const isRefusal = ({ status }: Answer) => status >= 400 && status < 500

/** Undefined: no answer. */
async function ask(
  account: GatewayAccount,
  what: 'login' | 'refresh',
  body: object,
): Promise<Answer | undefined> {
  const url = `${loginBase(account)}/auth/api/${what}`
  try {
    return await send(account, { method: 'POST', url, body: { ...body, ...INTEGRATION } })
  } catch {
    return undefined
  }
}
