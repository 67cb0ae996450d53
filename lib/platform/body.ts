// Bodies of requests from other machines and of their answers, read no further than they may be long.

/** The body of a request or an answer as text; undefined where it has more than `maxBytes`: the rest is not read. */
export async function readBody(
  message: Pick<Request, 'body'>,
  maxBytes: number,
): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = message.body?.getReader()
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    length += part.value.length
    if (length > maxBytes) {
      await reader?.cancel()
      return undefined
    }
    chunks.push(part.value)
  }
  return Buffer.concat(chunks).toString('utf8')
}
