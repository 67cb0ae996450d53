// The page about the design and the sheet name the same things.
import fs from 'node:fs'
import { describe, expect, it } from 'vitest'

const sheet = fs.readFileSync('app/globals.css', 'utf8')
const page = fs.readFileSync('docs/design.md', 'utf8')

/** Parts of a component that its markup there names by their element. */
const classes = new Set(
  [...sheet.matchAll(/\.([a-z][a-z-]*[a-z])(?=[\s.,:{>)+~[])/g)].map(([, name]) => name!),
)
const tokens = new Set([...sheet.matchAll(/^\s+(--[a-z-]+): /gm)].map(([, name]) => name!))

describe('docs/design.md', () => {
  it('shows every class of the sheet', () => {
    expect([...classes].filter(name => !new RegExp(`[\`.(]${name}\\b`).test(page))).toEqual([])
  })
  it('explains every token of colour', () => {
    const colours = [...tokens].filter(name => !/^--(color|text|breakpoint|font)-/.test(name))
    expect(
      colours.filter(name => !page.includes(name) && !page.includes(name.replace(/-ground$/, ''))),
    ).toEqual([])
  })
})
