// The sandbox bank's answers to its merchant's questions.
import { readAnswer } from '@/lib/payments/incoming.ts'
import { clock } from '@/lib/platform/clock.ts'
import { database } from '@/lib/platform/database.ts'
import { env } from '@/lib/platform/env.ts'
import { answerQuestion } from '@/lib/sandbox-bank/book.ts'
import { pick, QUESTION_FIELDS } from '@/lib/sandbox-bank/protocol.ts'

export async function POST(request: Request): Promise<Response> {
  if (!env().DEMO) return new Response(null, { status: 404 })
  const question = pick((await readAnswer(request)) ?? '', QUESTION_FIELDS)
  const fields = await answerQuestion(database(), question, clock.now())
  return fields ? new Response(new URLSearchParams(fields)) : new Response(null, { status: 503 })
}
