// Builds the portal when what it is made of has changed since the last build.
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { isDemonstration, keepFormsKey } from './settings.ts'

const root = process.cwd()
const SOURCES = [
  'app',
  'components',
  'lib',
  'db',
  'messages',
  'public',
  'instrumentation.ts',
  'next.config.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
]

/** Where the build lies; tests keep theirs apart from a running portal's. */
export const distDir = () => path.join(root, process.env.NEXT_DIST_DIR ?? '.next')
const stampFile = () => path.join(distDir(), 'sources.sha256')

/** A hash over names and contents of everything a build is made from, the key of its forms included. */
function sourcesHash(): string {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0]!)
  // A demonstration serves any build: several may share one, each with a key of its own.
  if (!isDemonstration()) hash.update(`${process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY}\0`)
  const add = (file: string) => {
    if (fs.statSync(file).isDirectory()) {
      for (const name of fs.readdirSync(file).sort()) add(path.join(file, name))
    } else {
      hash
        .update(`${path.relative(root, file)}\0`)
        .update(fs.readFileSync(file))
        .update('\0')
    }
  }
  for (const source of SOURCES) if (fs.existsSync(path.join(root, source))) add(path.join(root, source))
  return hash.digest('hex')
}

export function buildIsStale(): boolean {
  try {
    return fs.readFileSync(stampFile(), 'utf8') !== sourcesHash()
  } catch {
    return true
  }
}

/**
 * Runs `next build`, each line of its output to `onLine`. `onChild` gets the process, to end it with.
 * Throws where the build fails, and outside a demonstration where it would make a key of its own for its forms.
 */
export async function build(
  onLine: (line: string) => void,
  onChild: (child: ChildProcess) => void = () => {},
): Promise<void> {
  if (isDemonstration()) keepFormsKey()
  if (!process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY) {
    throw new Error(
      'The setting NEXT_SERVER_ACTIONS_ENCRYPTION_KEY is missing. It counts when the portal is built: forms of one build can be sent ' +
        'to another, on another node or after an upgrade, where both have the same. Make one with: openssl rand -base64 32',
    )
  }
  const hash = sourcesHash()
  const child = spawn(process.execPath, [path.join(root, 'node_modules/next/dist/bin/next'), 'build'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  })
  onChild(child)
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.trim()) onLine(line)
    })
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  if (status !== 0) throw new Error('The portal could not be built; the lines above say why.')
  fs.writeFileSync(stampFile(), hash)
}

// `npm run build`: as a command of its own.
if (import.meta.main && buildIsStale()) await build(line => console.log(line))
