// The redirect to a bank's checkout page as an address and as a form. Pure.

type Redirect = { method: 'GET' | 'POST'; url: string; fields: Record<string, string> }

/** Where the browser is sent to; undefined: the bank wants a form posted. */
export function checkoutAddress({ method, url, fields }: Redirect): string | undefined {
  if (method === 'POST') return undefined
  const query = new URLSearchParams(fields).toString()
  return query ? `${url}${url.includes('?') ? '&' : '?'}${query}` : url
}

/** As a form: one with the method GET would lose the query of its address. */
export function checkoutForm({ method, url, fields }: Redirect): {
  action: string
  fields: [name: string, value: string][]
} {
  const [action = '', query = ''] = method === 'GET' ? url.split('?', 2) : [url]
  return { action, fields: [...new URLSearchParams(query), ...Object.entries(fields)] }
}
