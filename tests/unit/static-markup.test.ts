// What is drawn as one text is what React would draw.
import fc from 'fast-check'
import { createElement, Fragment, type ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it, test } from 'vitest'
import { Footer } from '../../components/shell/footer.tsx'
import { Header, type Reader } from '../../components/shell/header.tsx'
import { Static } from '../../components/static.tsx'
import { markupOf } from '../../components/static-markup.ts'
import { locales } from '../../lib/i18n/locale.ts'

/** Attributes in any order, named in small letters, as HTML reads them; elements of SVG without content in one way. */
const normal = (html: string) =>
  html
    .replace(/><\/(?:circle|path|use)>/g, '/>')
    .replace(/<([\w-]+)((?:\s[\w-]+="[^"]*")+)/g, (_, tag: string, attributes: string) => {
      const all = [...attributes.matchAll(/\s([\w-]+)=("[^"]*")/g)]
      return `<${tag} ${all
        .map(([, name, value]) => `${name!.toLowerCase()}=${value}`)
        .sort()
        .join(' ')}`
    })

const readers: Reader[] = [
  { kind: 'visitor' },
  { kind: 'customer', isStaff: false, unread: 0 },
  { kind: 'customer', isStaff: true, unread: 100 },
  { kind: 'staff', name: `"Ana" <b>O'Hara & co` },
]

test.each(readers.flatMap(reader => locales.map(locale => ({ reader, locale }))))(
  'the head of $reader.kind in $locale',
  ({ reader, locale }) => {
    for (const address of ['/', '/account', '/sign-in?to=%2F"<&']) {
      const { children } = Header({ locale, reader, address }).props
      expect(normal(markupOf(children))).toBe(normal(renderToStaticMarkup(children)))
    }
    const { children } = Footer({ locale }).props
    expect(markupOf(children)).toBe(renderToStaticMarkup(children))
  },
)

test.each(readers)('the head of $kind, drawn once, is that of its own page', reader => {
  const sent = (address: string) => {
    const { text } = Static(Header({ locale: 'en', reader, address }).props).props
    return 'value' in text ? text.value : ''
  }
  for (const address of ['/terms', '/account', '/contracts/x/$&/pay?a="b', '/sign-in', '/terms']) {
    const { children } = Header({ locale: 'en', reader, address }).props
    const filled = markupOf(children).replaceAll('0ADDRESS0', () => encodeURIComponent(address))
    expect(sent(address)).toBe(filled.replaceAll('0UNREAD0', '99+'))
  }
})

it('draws what React draws of any tree', () => {
  const { node } = fc.letrec<{ node: ReactNode }>(tie => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.oneof(fc.string(), fc.integer(), fc.constantFrom(null, undefined, true, false)),
      fc
        .record({
          type: fc.constantFrom(
            'p',
            'input',
            'svg',
            Fragment,
            ({ children }: { children?: ReactNode }) => children,
          ),
          props: fc.record(
            {
              className: fc.option(fc.string(), { nil: undefined }),
              'aria-hidden': fc.boolean(),
              'data-x': fc.oneof(fc.boolean(), fc.integer()),
              hidden: fc.boolean(),
              tabIndex: fc.integer({ min: -1, max: 1 }),
              title: fc.oneof(fc.string(), fc.constant(null)),
            },
            { requiredKeys: [] },
          ),
          children: fc.array(tie('node'), { maxLength: 3 }),
        })
        .map(({ type, props, children }) =>
          createElement(type as 'p', type === Fragment ? null : props, ...(type === 'input' ? [] : children)),
        ),
    ),
  }))
  fc.assert(
    fc.property(node, tree => {
      expect(normal(markupOf(tree))).toBe(normal(renderToStaticMarkup(tree)))
    }),
  )
})

const draw = (type: unknown, props: object | null = null) => markupOf(createElement(type as 'p', props))

it.each([
  ['what has to be waited for', () => markupOf(Promise.resolve('x'))],
  ['what a component promises', () => draw(async () => 'x')],
  ['a function as a property', () => draw('button', { onClick: () => {} })],
  ['a style, which the policy forbids', () => draw('p', { style: { color: 'red' } })],
  ['a component that is still to be loaded', () => draw({ $$typeof: Symbol.for('react.lazy') })],
])('%s is an error', (_, drawIt) => {
  expect(drawIt).toThrow(TypeError)
})
