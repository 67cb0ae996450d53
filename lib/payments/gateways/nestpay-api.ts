// NestPay's interface for merchants: a request in XML, as a field of a form, and its answer.
import { XMLBuilder, XMLParser } from 'fast-xml-parser'
import { readBody } from '../../platform/body.ts'
import type { GatewayAccount } from './gateway.ts'

const TIMEOUT_MS = 10_000
/** A history has a hundred bytes a transaction. */
const MAX_BYTES = 200_000

type Request = { [name: string]: string | Request }

/** An answer's own fields and those of its `Extra`; a field that came twice is none. */
export type ApiAnswer = { fields: Record<string, string>; extra: Record<string, string> }

const builder = new XMLBuilder()
// Figures stay text: numbers of transactions begin with zeros.
const parser = new XMLParser({ ignoreDeclaration: true, parseTagValue: false, trimValues: false })

/** Asks or tells the bank; undefined where no answer came that can be read, and nobody knows whether it was heard. */
export async function call(account: GatewayAccount, request: Request): Promise<ApiAnswer | undefined> {
  const { apiUrl, merchantId, secrets } = account
  const { apiUser = '', apiPassword = '' } = secrets
  if (!apiUrl) return undefined
  const xml = builder.build({
    CC5Request: { Name: apiUser, Password: apiPassword, ClientId: merchantId, ...request },
  })
  try {
    const response = await fetch(apiUrl, {
      method: 'POST',
      body: new URLSearchParams({ DATA: `<?xml version="1.0" encoding="UTF-8"?>${xml}` }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = response.ok ? await readBody(response, MAX_BYTES) : undefined
    return text === undefined ? undefined : parseAnswer(text)
  } catch {
    return undefined
  }
}

/** Throws where it is no XML. A document that declares anything of its own, such as entities, is no answer of a bank's. */
export function parseAnswer(xml: string): ApiAnswer | undefined {
  if (xml.includes('<!DOCTYPE')) return undefined
  const answer = parser.parse(xml, true)?.CC5Response
  return isObject(answer)
    ? { fields: textsOf(answer), extra: isObject(answer.Extra) ? textsOf(answer.Extra) : {} }
    : undefined
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textsOf = (element: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(element).flatMap(([name, value]) =>
      typeof value === 'string' && value.trim() ? [[name, value]] : [],
    ),
  )
