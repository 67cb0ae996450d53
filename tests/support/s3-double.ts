// A stand-in for an S3-compatible service, on a socket: puts, gets and deletes objects of one bucket.
import http from 'node:http'
import type { AddressInfo } from 'node:net'

export type S3Double = {
  url: string
  /** By `bucket/key`. */
  objects: Map<string, { bytes: Buffer; type: string | undefined }>
  /** Every request with its method, path and who signed it. */
  requests: { method: string; path: string; signedBy: string | undefined }[]
  /** Answers everything with this status from now on. */
  failWith: (status: number | undefined) => void
  stop: () => Promise<void>
}

/** Takes only requests with AWS's signature (version 4) of `accessKeyId`; the signature itself is not recalculated. */
export async function startS3Double(accessKeyId: string): Promise<S3Double> {
  const objects: S3Double['objects'] = new Map()
  const requests: S3Double['requests'] = []
  let failure: number | undefined
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const bytes = Buffer.concat(chunks)
    const { pathname } = new URL(request.url!, 'http://s3')
    const key = decodeURIComponent(pathname.slice(1))
    const authorization = request.headers.authorization ?? ''
    const signedBy = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/.*Signature=[0-9a-f]{64}$/.exec(
      authorization,
    )?.[1]
    requests.push({ method: request.method!, path: pathname, signedBy })
    const end = (status: number, code?: string) => {
      response.writeHead(status, { 'Content-Type': 'application/xml' })
      response.end(code && `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`)
    }
    if (failure) return end(failure, 'InternalError')
    if (signedBy !== accessKeyId) return end(403, 'InvalidAccessKeyId')
    if (request.method === 'PUT') {
      objects.set(key, { bytes, type: request.headers['content-type'] })
      response.writeHead(200, { ETag: '"0"' })
      return response.end()
    }
    if (request.method === 'DELETE') {
      objects.delete(key)
      return end(204)
    }
    const found = objects.get(key)
    if (!found) return end(404, 'NoSuchKey')
    response.writeHead(200, { 'Content-Type': found.type ?? 'binary/octet-stream' })
    response.end(found.bytes)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    objects,
    requests,
    failWith: status => {
      failure = status
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
