// Makes one JavaScript file of a TypeScript program and whatever it imports of ours. A process that runs for weeks
// needs no compiler in it: that would be a thread, 35 MB, and a source map for every file it loads.
import fs from 'node:fs'
import path from 'node:path'
import { buildSync } from 'esbuild'

/**
 * Bundles bin/NAME.ts and returns the file's path. Packages stay outside; paths in the program are relative to the
 * project's folder, which has to be the current one.
 * @param {string} name
 * @returns {string}
 */
export function bundle(name) {
  const file = path.resolve('node_modules/.cache/drita', `${name}.mjs`)
  const { outputFiles } = buildSync({
    entryPoints: [`bin/${name}.ts`],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    // Their own reading of it is not ours: it lists what the framework's build writes.
    tsconfigRaw: {},
  })
  const text = outputFiles[0]?.text ?? ''
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) return file
  fs.mkdirSync(path.dirname(file), { recursive: true })
  // Renamed when whole: another start may be reading it.
  const partial = `${file}.${process.pid}`
  fs.writeFileSync(partial, text)
  fs.renameSync(partial, file)
  return file
}
