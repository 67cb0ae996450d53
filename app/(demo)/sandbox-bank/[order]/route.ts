// The sandbox bank's payment page: a document of its own, outside the portal's layout, as a bank's page is.
import type { NextRequest } from 'next/server'
import { isLocale } from '@/lib/i18n/locale.ts'
import { readAnswer } from '@/lib/payments/incoming.ts'
import { clock } from '@/lib/platform/clock.ts'
import { database } from '@/lib/platform/database.ts'
import { env } from '@/lib/platform/env.ts'
import { cut } from '@/lib/platform/text.ts'
import { cancelOrder, getOrder, payOrder } from '@/lib/sandbox-bank/book.ts'
import { bankPage } from './document.ts'

type Context = { params: Promise<{ order: string }> }

export async function GET(_: NextRequest, { params }: Context): Promise<Response> {
  return page((await params).order)
}

export async function POST(request: NextRequest, { params }: Context): Promise<Response> {
  if (!env().DEMO) return notFound()
  const number = (await params).order
  const form = new URLSearchParams((await readAnswer(request)) ?? '')
  const cardNumber = cut(form.get('cardNumber') ?? '', 40)
  const cancels = form.get('intent') === 'cancel'
  const result = cancels
    ? await cancelOrder(database(), number, clock.now())
    : await payOrder(database(), number, cardNumber, clock.now())
  if (result.ok) return new Response(null, { status: 303, headers: { Location: result.value } })
  return page(number, cardNumber)
}

/** `refused`: the card number that is none of the bank's. */
async function page(number: string, refused?: string): Promise<Response> {
  const order = env().DEMO ? await getOrder(database(), number) : undefined
  if (!order) return notFound()
  const locale = isLocale(order.language) ? order.language : 'en'
  const headers = { 'Content-Type': 'text/html; charset=utf-8' }
  return new Response(bankPage(order, locale, clock.now(), refused), { headers })
}

const notFound = () => new Response(null, { status: 404 })
