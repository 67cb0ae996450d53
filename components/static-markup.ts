// Draws components that only show something as one text, where React would otherwise make, describe and send every element of
// them in each answer (decision 0038). The framework lets no page use React's own renderer to static markup.
import { Fragment, isValidElement, type ReactNode } from 'react'
import { escapeHtml } from '@/lib/platform/text.ts'

type Component = (props: object) => ReactNode
type Props = Record<string, unknown> & { children?: ReactNode; dangerouslySetInnerHTML?: { __html: string } }

/**
 * As react-dom's renderToStaticMarkup, for host elements and plain functions of their properties: no hooks, nothing to wait for, no
 * component of the browser's. What it cannot draw is an error.
 */
export function markupOf(node: ReactNode): string {
  if (node === null || node === undefined || typeof node === 'boolean') return ''
  if (typeof node === 'string') return escapeHtml(node)
  if (typeof node === 'number') return String(node)
  if (Array.isArray(node)) {
    let all = ''
    for (const one of node) all += markupOf(one)
    return all
  }
  if (!isValidElement<Props>(node))
    throw new TypeError('Only elements and texts can be drawn as static markup.')
  const { type, props } = node
  if (type === Fragment) return markupOf(props.children)
  if (typeof type === 'function') return markupOf((type as Component)(props))
  if (typeof type !== 'string')
    throw new TypeError('Only elements of HTML and functions can be drawn as static markup.')
  const start = `<${type}${attributesOf(props)}`
  if (VOID.has(type)) return `${start}/>`
  return `${start}>${props.dangerouslySetInnerHTML?.__html ?? markupOf(props.children)}</${type}>`
}

const VOID = new Set([
  'br',
  'circle',
  'col',
  'hr',
  'img',
  'input',
  'line',
  'link',
  'meta',
  'path',
  'rect',
  'use',
  'wbr',
])

/** Where a property is not named as its attribute; HTML does not tell capitals apart. */
const NAMES: Record<string, string> = {
  className: 'class',
  htmlFor: 'for',
  defaultValue: 'value',
  defaultChecked: 'checked',
  strokeWidth: 'stroke-width',
  strokeLinecap: 'stroke-linecap',
  strokeLinejoin: 'stroke-linejoin',
  strokeDasharray: 'stroke-dasharray',
  textAnchor: 'text-anchor',
  fontSize: 'font-size',
  fontWeight: 'font-weight',
}

function attributesOf(props: Props): string {
  let all = ''
  for (const name in props) {
    const value = props[name]
    if (name === 'children' || name === 'dangerouslySetInnerHTML' || value === undefined || value === null)
      continue
    if (typeof value === 'string') all += ` ${NAMES[name] ?? name}="${escapeHtml(value)}"`
    // Of these the words true and false are values.
    else if (/^(aria|data)-/.test(name) && typeof value === 'boolean') all += ` ${name}="${value}"`
    else if (typeof value === 'number') all += ` ${NAMES[name] ?? name}="${value}"`
    else if (value === true) all += ` ${NAMES[name] ?? name}=""`
    else if (value !== false) throw new TypeError(`${name} cannot be drawn as static markup.`)
  }
  return all
}
