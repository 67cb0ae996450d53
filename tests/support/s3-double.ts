// A stand-in for an S3-compatible service, on a socket: puts, gets, lists and deletes objects of one bucket.
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
  /** Nobody gets through any more, as where its machine is gone; `restart`: again, with what is stored. */
  kill: () => Promise<void>
  restart: () => Promise<void>
  stop: () => Promise<void>
}

/** As Amazon's: a request of a clock that is further from the right time is refused. */
const MOST_SKEW_MS = 15 * 60_000

/** Takes only requests with AWS's signature (version 4) of `accessKeyId`; the signature itself is not recalculated. */
export async function startS3Double(accessKeyId: string): Promise<S3Double> {
  const objects: S3Double['objects'] = new Map()
  const requests: S3Double['requests'] = []
  let failure: number | undefined
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const bytes = Buffer.concat(chunks)
    const { pathname, searchParams } = new URL(request.url!, 'http://s3')
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
    if (isSkewed(request)) return end(403, 'RequestTimeTooSkewed')
    if (request.method === 'PUT') {
      objects.set(key, { bytes, type: request.headers['content-type'] })
      response.writeHead(200, { ETag: '"0"' })
      return response.end()
    }
    if (request.method === 'DELETE') {
      objects.delete(key)
      return end(204)
    }
    if (searchParams.has('list-type')) {
      response.writeHead(200, { 'Content-Type': 'application/xml' })
      return response.end(listing(`${key.replace(/\/$/, '')}/`, [...objects.keys()], searchParams))
    }
    const found = objects.get(key)
    if (!found) return end(404, 'NoSuchKey')
    response.writeHead(200, { 'Content-Type': found.type ?? 'binary/octet-stream' })
    response.end(found.bytes)
  })
  const listen = (port: number) => new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  const close = async () => {
    const closed = new Promise(resolve => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    objects,
    requests,
    failWith: status => {
      failure = status
    },
    kill: close,
    restart: () => listen(port),
    stop: async () => {
      if (server.listening) await close()
    },
  }
}

const PAGE = 2

/** ListObjectsV2 of a bucket, so few at a time that there is more than one page. */
function listing(bucket: string, objects: string[], asked: URLSearchParams): string {
  const prefix = asked.get('prefix') ?? ''
  const keys = objects
    .map(key => key.slice(bucket.length))
    .filter(key => key.startsWith(prefix))
    .sort()
  const from = Number(asked.get('continuation-token') ?? 0)
  const more = from + PAGE < keys.length
  const entries = keys.slice(from, from + PAGE).map(
    key => `<Contents><Key>${key}</Key><LastModified>2026-11-28T00:00:00.000Z</LastModified>
      <ETag>"0"</ETag><Size>4</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  )
  return `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${entries.join('')}
    ${more ? `<NextContinuationToken>${from + PAGE}</NextContinuationToken>` : ''}</ListBucketResult>`
}

function isSkewed({ headers }: http.IncomingMessage): boolean {
  const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(String(headers['x-amz-date'])) ?? []
  if (!day || !time) return false
  const at = `${day.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`
  return Math.abs(Date.parse(at) - Date.now()) > MOST_SKEW_MS
}
