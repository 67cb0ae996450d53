// The simulated RaiAccept's tokens, and the lock of an account that signs in again and again.
import { randomUUID } from 'node:crypto'
import { Refused } from './raiaccept-bank.ts'

export type LoginOptions = {
  apiUser: string
  apiPassword: string
  accessSeconds: number
  refreshSeconds: number
  /** More within a minute lock the account for ten, refused ones too. */
  loginsPerMinute: number
  now: () => number
}

const LOCKED_MS = 600_000

export class Logins {
  /** All that were given out. */
  readonly tokens: string[] = []
  private readonly options: LoginOptions
  private readonly access = new Map<string, number>()
  private readonly refresh = new Map<string, number>()
  private recent: number[] = []
  private lockedUntil = 0

  constructor(options: LoginOptions) {
    this.options = options
  }

  login({ username, password, integrationContext }: Record<string, unknown>) {
    const { apiUser, apiPassword, loginsPerMinute, accessSeconds, refreshSeconds, now } = this.options
    this.recent = [...this.recent.filter(at => at > now() - 60_000), now()]
    if (this.recent.length > loginsPerMinute) this.lockedUntil = now() + LOCKED_MS
    if (now() < this.lockedUntil) throw new Refused(403, 'ACCOUNT_LOCKED')
    if (username !== apiUser || password !== apiPassword) throw new Refused(401, 'WRONG_CREDENTIALS')
    if ((integrationContext as { type?: unknown } | undefined)?.type !== 'CODE')
      throw new Refused(400, 'NO_INTEGRATION_CONTEXT')
    const refreshToken = this.add(this.refresh, refreshSeconds)
    return {
      ...this.newAccess(),
      accessTokenExpiresIn: accessSeconds,
      refreshToken,
      refreshTokenExpiresIn: refreshSeconds,
    }
  }

  renew({ refreshToken }: Record<string, unknown>) {
    if (!isValid(this.refresh, refreshToken, this.options.now()))
      throw new Refused(401, 'REFRESH_TOKEN_EXPIRED')
    return { ...this.newAccess(), accessTokenExpiresIn: this.options.accessSeconds }
  }

  logout({ refreshToken }: Record<string, unknown>) {
    this.refresh.delete(String(refreshToken))
    return {}
  }

  /** Throws unless the header names a token that has not expired. */
  check(authorization: string | undefined): void {
    const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1]
    if (!isValid(this.access, token, this.options.now())) throw new Refused(401, 'UNAUTHORIZED')
  }

  /** Forgets tokens before their time, as a bank that starts again does. */
  revoke(which: 'access' | 'all'): void {
    this.access.clear()
    if (which === 'all') this.refresh.clear()
  }

  private newAccess = () => ({ accessToken: this.add(this.access, this.options.accessSeconds) })

  private add(tokens: Map<string, number>, seconds: number): string {
    const token = randomUUID()
    tokens.set(token, this.options.now() + seconds * 1000)
    this.tokens.push(token)
    return token
  }
}

const isValid = (tokens: Map<string, number>, token: unknown, now: number) =>
  typeof token === 'string' && (tokens.get(token) ?? 0) > now
