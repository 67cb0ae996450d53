// Where a biller's system sends its feed: a zip or a multipart body of CSV files.
import { answer, refusal, requireToken, tooMany } from '@/lib/feed/answers.ts'
import { getRunOfToken } from '@/lib/feed/queries.ts'
import { receiveFeed } from '@/lib/feed/receiving.ts'
import { clock } from '@/lib/platform/clock.ts'

export async function POST(request: Request): Promise<Response> {
  const now = clock.now()
  const token = await requireToken(request, now)
  if (token instanceof Response) return token
  const received = await receiveFeed(token, request.headers, request.body, now)
  switch (received.status) {
    case 'limited':
      return tooMany(received.seconds)
    case 'tooLarge':
      return refusal(413, 'too_large')
    case 'unknownType':
      return refusal(415, 'unknown_type', { Accept: 'application/zip, multipart/form-data' })
    case 'unknownEncoding':
      return refusal(415, 'unknown_encoding', { 'Accept-Encoding': 'gzip' })
    default: {
      const run = await getRunOfToken(token, received.runId)
      const Location = `/api/feed/${received.runId}`
      return answer(run, received.status === 'refused' ? 422 : 202, { Location })
    }
  }
}
