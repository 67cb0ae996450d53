// How much of a form's files has left the browser. Fetch, by which the framework sends a form, does not say; XMLHttpRequest does.

/** Of fewer bytes nobody sees it go. */
const WORTH_TELLING = 500_000

const bytesOf = (data: FormData) =>
  [...data.values()].reduce((sum, value) => sum + (typeof value === 'string' ? 0 : value.size), 0)

/**
 * Lets the request with which `data` is sent tell how it goes, in whole tens of per cent; undefined: no more. To be called right
 * before it is sent; what it returns, once there is an answer.
 */
export function tellUpload(data: FormData, tell: (percent: number | undefined) => void): () => void {
  if (bytesOf(data) < WORTH_TELLING) return () => {}
  const { fetch } = window
  const giveBack = () => {
    window.fetch = fetch
  }
  window.fetch = (url, init) => {
    if (!(init?.body instanceof FormData)) return fetch(url, init)
    giveBack()
    tell(0)
    return send(String(url), init, tell)
  }
  return () => {
    giveBack()
    tell(undefined)
  }
}

const send = (
  url: string,
  { headers, body }: RequestInit,
  tell: (percent: number) => void,
): Promise<Response> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', url)
    for (const [name, value] of new Headers(headers)) request.setRequestHeader(name, value)
    request.responseType = 'arraybuffer'
    request.upload.onprogress = ({ loaded, total }) => tell(Math.floor((10 * loaded) / total) * 10)
    request.onload = () => {
      const lines = request.getAllResponseHeaders().trim().split('\r\n')
      const answered = lines.map(line => line.split(/: (.*)/s, 2) as [string, string])
      resolve(new Response(request.response, { status: request.status, headers: answered }))
    }
    // As fetch says it.
    request.onerror = () => reject(new TypeError('Failed to fetch'))
    request.send(body as FormData)
  })
