// One embedded PostgreSQL for the browser tests, with a demonstration that each portal clones.
import { startPortal } from './portal-process.ts'
import { rows, startTemplate } from './postgres.ts'

/** Playwright's global setup; returns what it calls at the end. */
export default async function setup(): Promise<() => Promise<void>> {
  const { url, stop } = await startTemplate(async url => {
    const portal = await startPortal(url)
    await portal.stop()
    // Whenever the tests run, the newest bills are not late yet.
    await rows(
      url,
      `update invoices set due_on = greatest(due_on, current_date + 3) where period = '2026-10-01'`,
    )
  })
  // Workers inherit it.
  process.env.E2E_DATABASE_URL = url
  return stop
}
