// What a test file meets and leaves where a process serves several: modules of ours as in a new process, and the settings
// as they were. Packages stay loaded.
import { afterAll, vi } from 'vitest'

const settings = { ...process.env }
vi.resetModules()
afterAll(() => {
  for (const name of Object.keys(process.env)) {
    if (!(name in settings)) Reflect.deleteProperty(process.env, name)
  }
  Object.assign(process.env, settings)
})
