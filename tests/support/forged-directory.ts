// A directory that says whatever the test wants: for answers that no real one gives.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { CLIENT } from './directory-setting.ts'

export type Token = {
  claims: Record<string, unknown>
  header?: Record<string, unknown>
  /** `own`: the directory's key. `other`: one that it does not publish under its name. `none`: unsigned. `secret`: by the client's secret. */
  signedBy?: 'own' | 'other' | 'none' | 'secret'
}

export type ForgedDirectory = {
  issuer: string
  sign: (token: Token) => Promise<string>
  /** What its token endpoint answers from now on, however often it is asked. */
  answers: (token: Token) => void
  stop: () => Promise<void>
}

export async function startForgedDirectory(): Promise<ForgedDirectory> {
  const [own, other] = await Promise.all(
    ['own', 'other'].map(() => generateKeyPair('ES256', { extractable: true })),
  )
  const jwk = { ...(await exportJWK(own!.publicKey)), kid: 'current', alg: 'ES256', use: 'sig' }
  let next: Token = { claims: {} }

  async function sign({ claims, header = {}, signedBy = 'own' }: Token): Promise<string> {
    if (signedBy === 'none') return new UnsecuredJWT(claims).encode()
    const alg = signedBy === 'secret' ? 'HS256' : 'ES256'
    const keys = {
      own: own!.privateKey,
      other: other!.privateKey,
      secret: Buffer.from(CLIENT.secret.padEnd(32, '0')),
    }
    return new SignJWT(claims).setProtectedHeader({ alg, kid: 'current', ...header }).sign(keys[signedBy])
  }

  const server = http.createServer(async (request, response) => {
    const at = (path: string) => `${issuer}${path}`
    const documents: Record<string, () => unknown> = {
      '/.well-known/openid-configuration': () => ({
        issuer,
        authorization_endpoint: at('/auth'),
        token_endpoint: at('/token'),
        jwks_uri: at('/keys'),
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES256'],
      }),
      '/keys': () => ({ keys: [jwk] }),
      '/token': async () => ({ access_token: 'a', token_type: 'Bearer', id_token: await sign(next) }),
    }
    const document = documents[request.url!]
    request.resume()
    response.writeHead(document ? 200 : 404, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify((await document?.()) ?? {}))
  })
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    issuer,
    sign,
    answers: token => {
      next = token
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
