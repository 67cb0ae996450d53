// Which registration this browser is in the middle of: its id, sealed, in a cookie of its own.
import { cookies } from 'next/headers'
import { env } from '../platform/env.ts'
import { seal, unseal } from '../platform/seal.ts'

const NAME = 'registration'

export async function rememberRegistration(id: string): Promise<void> {
  ;(await cookies()).set(NAME, seal(id, 'registration cookie'), {
    httpOnly: true,
    sameSite: 'lax',
    secure: env().APP_URL.startsWith('https:'),
    path: '/register',
    maxAge: 24 * 3600,
  })
}

export async function rememberedRegistration(): Promise<string | undefined> {
  const value = (await cookies()).get(NAME)?.value
  return value ? unseal(value, 'registration cookie') : undefined
}

export async function forgetRegistration(): Promise<void> {
  ;(await cookies()).delete({ name: NAME, path: '/register' })
}
