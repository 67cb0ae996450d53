// What README and docs name is there.
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const pages = [
  'README.md',
  ...fs
    .readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => path.join('docs', name)),
]

/** Paths of the repository in backticks, `lib/<area>/fields.ts` and other patterns apart; and what links lead to. */
function pathsIn(page: string): string[] {
  const text = fs.readFileSync(page, 'utf8')
  const named = text.matchAll(/`((?:app|bin|components|db|deploy|docs|lib|messages|public|tests)\/[^`\s:]*)/g)
  const linked = text.matchAll(/\]\((?!https?:|mailto:|#)([^)#]+)/g)
  return [
    ...[...named].map(([, file]) => file!).filter(file => !/[<*…]/.test(file)),
    ...[...linked].map(([, file]) => path.join(path.dirname(page), file!)),
  ]
}

it.each(pages)('%s names only files that there are', page => {
  expect(pathsIn(page).filter(file => !fs.existsSync(file))).toEqual([])
})

/** What stands in backticks right after a file's path, and after a comma or "and" behind that. */
function namesIn(page: string): string[][] {
  const text = fs.readFileSync(page, 'utf8')
  const named = text.matchAll(/`([\w./()[\]-]+\.tsx?)`((?:(?:,| and)? `\w+`)+)/g)
  return [...named].flatMap(([, file, names]) =>
    [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => [file!, name!]),
  )
}

it('docs/architecture.md names only functions that there are', () => {
  const names = namesIn('docs/architecture.md')
  expect(names.length).toBeGreaterThan(40)
  const absent = names.filter(
    ([file, name]) => !new RegExp(`\\b${name}\\b`).test(fs.readFileSync(file!, 'utf8')),
  )
  expect(absent).toEqual([])
})
