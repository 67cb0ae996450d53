// A company's directory as its staff meet it: a real OpenID Connect provider on a socket, whose people are the test's.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import Provider from 'oidc-provider'
import { CLIENT } from './directory-setting.ts'

/** What the directory says of somebody. */
type Person = { name: string; roles?: string | string[]; email?: string; [claim: string]: unknown }

export type TestDirectory = {
  issuer: string
  /** By the names that they sign in with, which are their subjects too. */
  people: Map<string, Person>
  stop: () => Promise<void>
}

/**
 * `port`: a free one where none is given. `portal`: whose staff it signs in. `directory`: its code there. It asks nobody for a password, and tells
 * `orders` who has signed out.
 */
export async function startDirectory({
  port = 0,
  portal,
  directory = 'oshee',
  orders = `${portal}/api/staff/logout`,
}: {
  port?: number
  portal: string
  directory?: string
  orders?: string
}): Promise<TestDirectory> {
  const server = http.createServer()
  await new Promise<void>(resolve => server.listen(port, 'localhost', resolve))
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  const people: TestDirectory['people'] = new Map()
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const key = { ...(await exportJWK(privateKey)), kid: 'current', alg: 'ES256', use: 'sig' }
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${portal}/staff/sign-in/return/${directory}`],
        post_logout_redirect_uris: [`${portal}/staff/sign-in`],
        token_endpoint_auth_method: 'client_secret_post',
        id_token_signed_response_alg: 'ES256',
        backchannel_logout_uri: orders,
        backchannel_logout_session_required: true,
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: ['a-key-of-the-tests-directory'] },
    conformIdTokenClaims: false,
    claims: {
      openid: ['sub', 'roles', 'companies', 'strength'],
      profile: ['name', 'given_name'],
      email: ['email'],
    },
    findAccount: (_, subject) => {
      const person = people.get(subject)
      return person && { accountId: subject, claims: () => ({ ...person, sub: subject }) }
    },
    // Its own client: nobody is asked whether they agree.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client!.clientId,
        accountId: oidc.session!.accountId!,
      })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
    interactions: { url: (_, { uid }) => `/enter/${uid}` },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = page(`${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`)
        },
        postLogoutSuccessSource: ctx => {
          ctx.body = page('Signed out')
        },
      },
    },
    // Its own refuses to call this machine.
    fetch: (address, options) => fetch(address, { ...options, dispatcher: undefined } as RequestInit),
    ttl: { Session: 3600, Grant: 3600, IdToken: 600, AccessToken: 600, Interaction: 600 },
  })
  const handle = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url!.startsWith('/enter/')) return void handle(request, response)
    if (request.method === 'GET') {
      return void response
        .writeHead(200, { 'Content-Type': 'text/html' })
        .end(page('<form method="post"><input name="who" aria-label="Who"><button>Sign in</button></form>'))
    }
    void enter(provider, request, response)
  })
  return {
    issuer,
    people,
    stop: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

const page = (content: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Directory</title><main>${content}</main></html>`

/** `nobody` goes back without signing in. */
async function enter(provider: Provider, request: http.IncomingMessage, response: http.ServerResponse) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const who = new URLSearchParams(Buffer.concat(chunks).toString()).get('who')!
  const answer = who === 'nobody' ? { error: 'access_denied' } : { login: { accountId: who } }
  await provider.interactionFinished(request, response, answer, { mergeWithLastSubmission: false })
}

/** A browser that goes to the directory and signs in as somebody: the address that it is sent back to, and the cookies that it has there. */
export async function passDirectory(
  url: string,
  who: string,
  jar: Map<string, string> = new Map(),
): Promise<string> {
  let at = url
  let body: string | undefined
  for (let steps = 0; steps < 10; steps++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(at, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        cookie,
        ...(body !== undefined && { 'Content-Type': 'application/x-www-form-urlencoded' }),
      },
      body,
    })
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!
      jar.set(name!, value!)
    }
    await response.body?.cancel()
    const to = response.headers.get('location')
    if (to === null) {
      if (!at.includes('/enter/') || body !== undefined) throw new Error(`${at} ${response.status}`)
      body = `who=${who}`
      continue
    }
    body = undefined
    at = new URL(to, at).href
    if (new URL(at).origin !== new URL(url).origin) return at
  }
  throw new Error('the directory leads round in a circle')
}
