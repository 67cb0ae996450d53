// The kinds of banks that the portal speaks to. A new one is a file beside this and a line here.
import type { GatewayName } from '../../../db/enums.ts'
import type { Gateway } from './gateway.ts'
import { nestpay } from './nestpay.ts'
import { raiaccept } from './raiaccept.ts'
import { sandbox } from './sandbox.ts'

const gateways: Record<GatewayName, Gateway> = { sandbox, nestpay, raiaccept }

/** The bank of that name; undefined where there is none. */
export const findGateway = (name: string): Gateway | undefined =>
  Object.hasOwn(gateways, name) ? gateways[name as GatewayName] : undefined
