// One embedded PostgreSQL for the browser tests, with a demonstration that each portal clones.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startEmbeddedPostgres } from '../../db/embedded.ts'
import { onServer, startPortal } from './portal-process.ts'

/** Playwright's global setup; returns what it calls at the end. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-portal-'))
  fs.chmodSync(folder, 0o755)
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  const server = await startEmbeddedPostgres(folder, { settings })
  // Workers inherit it.
  process.env.E2E_DATABASE_URL = server.url
  const end = async () => {
    await server.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
  try {
    const portal = await startPortal(server.url)
    await portal.stop()
    await onServer(server.url, 'alter database drita with is_template true')
  } catch (error) {
    await end()
    throw error
  }
  return end
}
