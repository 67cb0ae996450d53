// Which banks this deployment has. A new one is a file beside this, a line here, and its settings in lib/platform/env.ts.
import { env } from '../../platform/env.ts'
import type { Gateway } from './gateway.ts'
import { sandbox } from './sandbox.ts'

/** In the order in which new payments go to them: the first that is set up takes all. Their names are in the rows of attempts, for good. */
const gateways: Record<string, { gateway: Gateway; isSetUp: () => boolean }> = {
  sandbox: { gateway: sandbox, isSetUp: () => env().DEMO },
}

/** The bank of that name; undefined where this deployment has none. */
export function findGateway(name: string): Gateway | undefined {
  const known = Object.hasOwn(gateways, name) ? gateways[name] : undefined
  return known?.isSetUp() ? known.gateway : undefined
}

/** The bank that new payments go to; undefined: online payment is not offered. */
export const gatewayInUse = (): string | undefined => Object.keys(gateways).find(name => findGateway(name))

/** Origins of the banks' checkout pages: a form of ours may lead there. */
export const checkoutOrigins = (): string[] =>
  Object.keys(gateways).flatMap(name => findGateway(name)?.checkoutOrigin ?? [])
