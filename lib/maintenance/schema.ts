// Maintenance as pages, forms and commands know it: when it is, and how a command says that payments are stopped.

/** Work on the portal, going on or announced: customers read, and nobody pays. */
export type Maintenance = { startsAt: Date; endsAt: Date }

/** What a command answers that would begin or end a payment. */
export type Stopped = { ok: false; code: 'maintenance'; until: Date }

export const maintenancePath = '/staff/maintenance'
