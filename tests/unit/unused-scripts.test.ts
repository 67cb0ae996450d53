// Which pages keep the framework's scripts.
import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { withoutUnusedScripts } from '../../lib/http/unused-scripts.ts'

const head = '<link rel="stylesheet" href="/a.css"/><link rel="preload" as="script" href="/a.js"/>'
const scripts =
  '<script src="/a.js" async="" nonce="x"></script><script>f.push([1,"<\\u002fscript>"])\n</script>'

const sent = (page: string) => withoutUnusedScripts(Buffer.from(page)).toString()

describe('the scripts of a page', () => {
  it('go where it only shows something', () => {
    expect(sent(`<head>${head}</head><body><p>12,50 €</p>${scripts}</body>`)).toBe(
      '<head><link rel="stylesheet" href="/a.css"/></head><body><p>12,50 €</p></body>',
    )
  })

  it('stay where something uses them', () => {
    const page = `<head>${head}</head><body><form data-scripted="true"></form>${scripts}</body>`
    expect(sent(page)).toBe(page)
  })

  it('are asked for by every client component that is not inside another one', () => {
    // The first is whole without a script, the next two are part of forms, the others are the framework's to draw.
    const others = [
      'components/kept-markup.tsx',
      'components/error-summary.tsx',
      'components/send-again.tsx',
      'app/not-found.tsx',
      'app/global-error.tsx',
    ]
    const silent = ['app', 'components']
      .flatMap(folder =>
        fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => `${folder}/${name}`),
      )
      .filter(file => file.endsWith('.tsx') && !others.includes(file))
      .filter(file => {
        const text = fs.readFileSync(file, 'utf8')
        return text.includes("'use client'") && !text.includes('data-scripted')
      })
    expect(silent).toEqual([])
  })
})
