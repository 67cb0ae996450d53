// What a request says of its sender. The server entry sets x-client-address and x-path; clients cannot.
import { headers } from 'next/headers'

export async function requestDevice(): Promise<{ userAgent: string | null; address: string | null }> {
  const sent = await headers()
  return { userAgent: sent.get('user-agent'), address: sent.get('x-client-address') }
}
