// What a test file meets where a process serves several: modules of ours as in a new process, and the settings as they were.
// Packages stay loaded. Nothing is left to the end of a file: where all tests of one are skipped, none of its hooks run.
import { vi } from 'vitest'

const holder = globalThis as typeof globalThis & { dritaSettings?: NodeJS.ProcessEnv }
holder.dritaSettings ??= { ...process.env }
const settings = holder.dritaSettings
vi.resetModules()
for (const name of Object.keys(process.env)) {
  if (!(name in settings)) Reflect.deleteProperty(process.env, name)
}
Object.assign(process.env, settings)
