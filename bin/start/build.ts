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
const stampFile = () => path.join(distDir(), 'made-from.json')

/**
 * What a build was made from: hashes over its sources and over the key of its forms, and the line of Node.js. `folder`: its name, which it
 * knows itself by: under another one it can make no page. `links`: its own to packages, which get lost where it is copied without its
 * `node_modules`; no page can be made then either.
 */
type Stamp = { sources: string; formsKey: string; node: string; folder: string; links?: string[] }

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

export function stampNow(): Stamp {
  return {
    sources: sourcesHash(),
    formsKey: sha256(process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY ?? ''),
    node: process.versions.node.split('.')[0]!,
    folder: path.relative(root, distDir()),
  }
}

/** A hash over names and contents of everything a build is made from. */
function sourcesHash(): string {
  const hash = createHash('sha256')
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

/** The links to packages that a build in this folder has. */
export function linksOf(folder: string): string[] {
  const packages = path.join(folder, 'node_modules')
  if (!fs.existsSync(packages)) return []
  return fs
    .readdirSync(packages)
    .flatMap(name =>
      name.startsWith('@')
        ? fs.readdirSync(path.join(packages, name)).map(ofScope => `${name}/${ofScope}`)
        : [name],
    )
    .map(name => `node_modules/${name}`)
}

/** Why the build that lies there is not to be served, a sentence; undefined: it is. */
export function buildFault(): string | undefined {
  const mend = 'run `npm run build`, or bring the one that belongs here'
  const made = readStamp()
  const wanted = stampNow()
  const { folder } = wanted
  if (!made) return `There is no build in ${folder}: ${mend}.`
  if (made.sources !== wanted.sources) return `The build in ${folder} is of other sources: ${mend}.`
  if (made.folder !== folder)
    return `The build in ${folder} was made as ${made.folder}, and answers under that name alone: ${mend}.`
  if (made.node !== wanted.node)
    return `The build in ${folder} was made on Node.js ${made.node}, and this is ${wanted.node}: ${mend}.`
  const lost = made.links?.find(link => !fs.existsSync(path.join(distDir(), link)))
  if (lost)
    return `The build in ${folder} came without its links to packages (${lost}): copy it with \`cp -a\` or \`tar\`, and without leaving out its own node_modules.`
  // A demonstration serves any: several may share one, each with a key of its own.
  if (made.formsKey !== wanted.formsKey && !isDemonstration())
    return `The build in ${folder} was made with another NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: ${mend}.`
  return undefined
}

function readStamp(): Stamp | undefined {
  try {
    return JSON.parse(fs.readFileSync(stampFile(), 'utf8'))
  } catch {
    return undefined
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
  const stamp = stampNow()
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
  fs.writeFileSync(stampFile(), JSON.stringify({ ...stamp, links: linksOf(distDir()) }))
}

// `npm run build`: as a command of its own.
if (import.meta.main && buildFault()) await build(line => console.log(line))
