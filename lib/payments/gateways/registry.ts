// Which banks this deployment has.
import { env } from '../../platform/env.ts'
import type { Gateway } from './gateway.ts'
import { sandbox } from './sandbox.ts'

/** The bank of that name; undefined where this deployment has none. */
export const findGateway = (name: string): Gateway | undefined =>
  name === 'sandbox' && env().DEMO ? sandbox : undefined

/** The bank that new payments go to; undefined: online payment is not offered. */
export const gatewayInUse = (): string | undefined => (env().DEMO ? 'sandbox' : undefined)
