// One embedded PostgreSQL for the browser tests, with a demonstration that each portal clones.
import { startPortal } from './portal-process.ts'
import { startTemplate } from './postgres.ts'

/** Playwright's global setup; returns what it calls at the end. */
export default async function setup(): Promise<() => Promise<void>> {
  const { url, stop } = await startTemplate(async url => {
    const portal = await startPortal(url)
    await portal.stop()
  })
  // Workers inherit it.
  process.env.E2E_DATABASE_URL = url
  return stop
}
