// Reads from the code which texts it uses, and which texts stand in it.
//
// A use is a call of what `getTranslations('namespace')`, `getAnyTexts('namespace')` or
// `translator(locale, 'namespace')` gave: `t('key')`, `t.rich('key')`, `t.raw('key')`. A key may be put together:
// t(`state.${state}`) uses all of `state.…`, t(`${kind}.subject`) every `….subject`, t(key) the whole namespace.
import fs from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

export type KeyUse = {
  /** `file:line`. */
  place: string
  /** Where the translator came as an argument: those that its file names. */
  namespaces: string[]
  key: string
  /** Matches the keys used, without the namespace. */
  pattern: RegExp
}

export type Literal = { place: string; text: string }

const MAKERS = new Set(['getTranslations', 'getAnyTexts', 'translator'])
const METHODS = new Set(['rich', 'raw', 'markup', 'has'])
/** Attributes and properties of components that people read or hear. */
const TEXT_ATTRIBUTES =
  /^(alt|title|placeholder|label|lead|hint|error|summary|caption|aria-(label|description|placeholder|roledescription|valuetext))$/
/** The portal's name, and characters that are no words. */
const NOT_TEXT = /^(Drita|kWh|kW|m³|[^\p{L}]*)$/u

/** Reads every file of app, components and lib. */
export function readSources(root: string): { uses: KeyUse[]; literals: Literal[] } {
  const uses: KeyUse[] = []
  const literals: Literal[] = []
  for (const folder of ['app', 'components', 'lib', 'db', 'bin', '.']) {
    const recursive = folder !== '.'
    for (const name of fs.readdirSync(path.join(root, folder), { recursive, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(name)) continue
      const file = path.join(folder, name)
      const text = fs.readFileSync(path.join(root, file), 'utf8')
      const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
      const named = [...text.matchAll(/ranslat(?:or|ions)(?:<|\([^()]*)'(\w+)'/g)].map(([, name]) => name!)
      const visit = (node: ts.Node): void => {
        const place = () => `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
        if (ts.isCallExpression(node)) uses.push(...usesOf(node, place(), named))
        const literal = folder === 'app' || folder === 'components' ? literalOf(node) : undefined
        if (literal && !NOT_TEXT.test(literal)) literals.push({ place: place(), text: literal })
        ts.forEachChild(node, visit)
      }
      visit(source)
    }
  }
  return { uses, literals }
}

function usesOf(call: ts.CallExpression, place: string, named: string[]): KeyUse[] {
  const callee = call.expression
  // texts(t, ['a', 'b']): chosen keys for a client component.
  if (ts.isIdentifier(callee) && callee.text === 'texts') {
    const [translator, list] = call.arguments
    const namespaces = translator && ts.isIdentifier(translator) ? namespacesOf(translator, named) : undefined
    return namespaces && list ? arrayElements(list).map(element => use(element, namespaces, place)) : []
  }
  const translator =
    ts.isPropertyAccessExpression(callee) && METHODS.has(callee.name.text) ? callee.expression : callee
  const [key] = call.arguments
  if (!key) return []
  const namespaces = ts.isIdentifier(translator) ? namespacesOf(translator, named) : madeFor(translator)
  return namespaces ? alternatives(key).map(one => use(one, namespaces, place)) : []
}

function use(key: ts.Expression, namespaces: string[], place: string): KeyUse {
  const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  let pattern = '.+'
  let shown = '…'
  if (ts.isStringLiteralLike(key)) {
    pattern = literally(key.text)
    shown = key.text
  } else if (ts.isTemplateExpression(key)) {
    const parts = [key.head.text, ...key.templateSpans.map(span => span.literal.text)]
    pattern = parts.map(literally).join('.+')
    shown = parts.join('…')
  }
  // A key may name a subtree.
  return { place, namespaces, key: shown, pattern: new RegExp(`^${pattern}(\\..+)?$`) }
}

/** The expressions a key may come from: both branches of a condition, without casts. */
function alternatives(key: ts.Expression): ts.Expression[] {
  if (ts.isConditionalExpression(key)) return [...alternatives(key.whenTrue), ...alternatives(key.whenFalse)]
  if (ts.isAsExpression(key) || ts.isParenthesizedExpression(key) || ts.isNonNullExpression(key)) {
    return alternatives(key.expression)
  }
  return [key]
}

/** The elements of an array written here, or of a constant of this file. */
function arrayElements(list: ts.Expression): ts.Expression[] {
  const [plain = list] = alternatives(list)
  if (ts.isArrayLiteralExpression(plain)) return [...plain.elements]
  const declared = ts.isIdentifier(plain) ? declarationOf(plain) : undefined
  if (declared && ts.isVariableDeclaration(declared) && declared.initializer) {
    return arrayElements(declared.initializer)
  }
  return [plain]
}

/** The namespaces of a translator: one that came as an argument `t` may be of any that its file names. */
function namespacesOf(identifier: ts.Identifier, named: string[]): string[] | undefined {
  const declared = declarationOf(identifier)
  if (!declared) return undefined
  if (ts.isParameter(declared) || ts.isBindingElement(declared))
    return identifier.text === 't' ? named : undefined
  return declared.initializer && madeFor(declared.initializer)
}

/** The namespace that a translator is made for, here; none where it is put together. */
function madeFor(made: ts.Expression): string[] | undefined {
  const [plain = made] = alternatives(made)
  const call = ts.isAwaitExpression(plain) ? plain.expression : plain
  if (!ts.isCallExpression(call) || !ts.isIdentifier(call.expression)) return undefined
  if (!MAKERS.has(call.expression.text)) return undefined
  const name = call.arguments.find(ts.isStringLiteralLike)
  return name ? [name.text] : []
}

type Declared = ts.VariableDeclaration | ts.ParameterDeclaration | ts.BindingElement

/** Where the nearest scope around an identifier declares its name. */
function declarationOf(identifier: ts.Identifier): Declared | undefined {
  for (let scope: ts.Node | undefined = identifier.parent; scope; scope = scope.parent) {
    const found: Declared[] = []
    if (ts.isFunctionLike(scope)) for (const parameter of scope.parameters) collect(parameter, found)
    if (ts.isBlock(scope) || ts.isSourceFile(scope)) {
      for (const statement of scope.statements) {
        if (!ts.isVariableStatement(statement)) continue
        for (const declaration of statement.declarationList.declarations) collect(declaration, found)
      }
    }
    const match = found.find(one => ts.isIdentifier(one.name) && one.name.text === identifier.text)
    if (match) return match
  }
  return undefined
}

/** The names of a declaration, those inside `{ … }` and `[ … ]` too; `const [t] = await Promise.all([…])` pairs up. */
function collect(declaration: Declared, found: Declared[]): void {
  if (ts.isIdentifier(declaration.name)) {
    found.push(declaration)
    return
  }
  const initializer = declaration.initializer
  const awaited = initializer && ts.isAwaitExpression(initializer) ? initializer.expression : undefined
  const all =
    awaited && ts.isCallExpression(awaited) && awaited.expression.getText() === 'Promise.all'
      ? awaited.arguments[0]
      : undefined
  declaration.name.elements.forEach((element, index) => {
    if (!ts.isBindingElement(element)) return
    const paired = all && ts.isArrayLiteralExpression(all) ? all.elements[index] : undefined
    if (paired && ts.isIdentifier(element.name)) {
      found.push(ts.factory.createVariableDeclaration(element.name, undefined, undefined, paired))
    } else {
      collect(element, found)
    }
  })
}

/** Text that a person would read: between tags, in a text attribute, or a string in braces as a child. */
function literalOf(node: ts.Node): string | undefined {
  if (ts.isJsxText(node)) return node.text.trim()
  if (ts.isJsxAttribute(node) && TEXT_ATTRIBUTES.test(node.name.getText())) {
    return node.initializer && ts.isStringLiteral(node.initializer) ? node.initializer.text : undefined
  }
  if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent) && node.expression) {
    const [plain] = alternatives(node.expression)
    return plain && ts.isStringLiteralLike(plain) ? plain.text.trim() : undefined
  }
  return undefined
}
