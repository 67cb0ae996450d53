// What deploy/Containerfile does, in empty folders of this machine: each stage is one, files come as its COPY lines say, and what its
// RUN lines do by deploy/container-steps.sh is done. No base image is fetched.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')
const WORKDIR = '/opt/drita/'
const STEPS = /^RUN (?:--mount=\S+ )*(deploy\/container-steps\.sh .*)$/

export type Image = {
  /** What the last stage has in its WORKDIR. */
  folder: string
  remove: () => void
}

/** Takes minutes. `formsKey`: NEXT_SERVER_ACTIONS_ENCRYPTION_KEY. */
export function makeImage(formsKey: string): Image {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'drita-image-'))
  // Another user serves.
  fs.chmodSync(home, 0o755)
  const remove = () => fs.rmSync(home, { recursive: true, force: true })
  const secret = path.join(home, 'forms-key')
  fs.writeFileSync(secret, formsKey)
  const stages = new Map<string, string>()
  let folder = ''
  try {
    for (const line of fs.readFileSync(path.join(root, 'deploy/Containerfile'), 'utf8').split('\n')) {
      const [, name] = /^FROM \S+(?: AS (\S+))?$/.exec(line) ?? []
      if (line.startsWith('FROM ')) {
        folder = fs.mkdtempSync(path.join(home, 'stage-'))
        fs.chmodSync(folder, 0o755)
        if (name) stages.set(name, folder)
      }
      const [, stage, files] = /^COPY (?:--from=(\S+) )?(.*)$/.exec(line) ?? []
      if (files) copy(stage ? stages.get(stage)! : root, folder, files.split(' '))
      const [, step] = STEPS.exec(line) ?? []
      if (step) run(folder, step.replace('/run/secrets/forms-key', secret))
    }
  } catch (error) {
    remove()
    throw error
  }
  return { folder, remove }
}

/** A folder's contents go into the one named last, as COPY has it; what a start would install is no part of the sources. */
function copy(from: string, to: string, names: string[]): void {
  const target = path.join(to, names.pop()!)
  for (const name of names) {
    const source = path.join(from, name.replace(WORKDIR, ''))
    const isFolder = fs.statSync(source).isDirectory()
    fs.cpSync(source, isFolder ? target : path.join(target, path.basename(source)), {
      recursive: true,
      verbatimSymlinks: true,
    })
  }
}

function run(folder: string, step: string): void {
  const { PATH, HOME } = process.env
  execFileSync('sh', ['-c', step], {
    cwd: folder,
    env: {
      PATH,
      HOME,
      npm_config_prefer_offline: 'true',
      NEXT_TELEMETRY_DISABLED: '1',
    } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
