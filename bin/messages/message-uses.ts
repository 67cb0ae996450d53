// Reads from the code which texts it uses, and which texts stand in it.
//
// A use is a call of what `getTranslations('namespace')`, `useTranslations('namespace')` or
// `translator(locale, 'namespace')` gave: `t('key')`, `t.rich('key')`, `t.raw('key')`. A key may be put together:
// t(`state.${state}`) uses all of `state.…`, t(`${kind}.subject`) every `….subject`, t(key) the whole namespace.
import fs from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

export type KeyUse = {
  /** `file:line`. */
  place: string
  /** Undefined where the translator came as an argument. */
  namespace: string | undefined
  key: string
  /** Matches the keys used, without the namespace. */
  pattern: RegExp
}

export type Literal = { place: string; text: string }

const MAKERS = new Set(['getTranslations', 'useTranslations', 'translator'])
const METHODS = new Set(['rich', 'raw', 'markup', 'has'])
/** Attributes and properties of components that people read or hear. */
const TEXT_ATTRIBUTES =
  /^(alt|title|placeholder|label|lead|hint|error|summary|caption|aria-(label|description|placeholder|roledescription|valuetext))$/
/** The portal's name, and signs that are no words. */
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
      const visit = (node: ts.Node): void => {
        const place = () => `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
        if (ts.isCallExpression(node)) uses.push(...usesOf(node, place()))
        const whole = catalogueAccess(node)
        if (whole) uses.push({ place: place(), namespace: whole, key: '…', pattern: /^.+$/ })
        const literal = folder === 'app' || folder === 'components' ? literalOf(node) : undefined
        if (literal && !NOT_TEXT.test(literal)) literals.push({ place: place(), text: literal })
        ts.forEachChild(node, visit)
      }
      visit(source)
    }
  }
  return { uses, literals }
}

/** `en.failure`, of an imported catalogue: the whole namespace. */
function catalogueAccess(node: ts.Node): string | undefined {
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return undefined
  return /^(sq|en|sr)$/.test(node.expression.text) ? node.name.text : undefined
}

function usesOf(call: ts.CallExpression, place: string): KeyUse[] {
  const callee = call.expression
  // texts(t, ['a', 'b']): chosen keys for a client component.
  if (ts.isIdentifier(callee) && callee.text === 'texts') {
    const [translator, list] = call.arguments
    const namespace = translator && ts.isIdentifier(translator) ? namespaceOf(translator) : undefined
    return namespace && list ? arrayElements(list).map(element => use(element, namespace.name, place)) : []
  }
  const translator =
    ts.isPropertyAccessExpression(callee) && METHODS.has(callee.name.text) ? callee.expression : callee
  const [key] = call.arguments
  if (!ts.isIdentifier(translator) || !key) return []
  const namespace = namespaceOf(translator)
  return namespace ? alternatives(key).map(one => use(one, namespace.name, place)) : []
}

function use(key: ts.Expression, namespace: string | undefined, place: string): KeyUse {
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
  return { place, namespace, key: shown, pattern: new RegExp(`^${pattern}(\\..+)?$`) }
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

/** The namespace of a translator; a name of undefined for one that came as an argument `t`. */
function namespaceOf(identifier: ts.Identifier): { name: string | undefined } | undefined {
  const declared = declarationOf(identifier)
  if (!declared) return undefined
  if (ts.isParameter(declared) || ts.isBindingElement(declared)) {
    return identifier.text === 't' ? { name: undefined } : undefined
  }
  let made = declared.initializer
  if (made && ts.isAwaitExpression(made)) made = made.expression
  if (!made || !ts.isCallExpression(made)) return undefined
  if (!ts.isIdentifier(made.expression) || !MAKERS.has(made.expression.text)) return undefined
  for (const argument of made.arguments) {
    if (ts.isStringLiteralLike(argument)) return { name: argument.text }
    if (!ts.isObjectLiteralExpression(argument)) continue
    for (const property of argument.properties) {
      if (ts.isPropertyAssignment(property) && property.name.getText() === 'namespace') {
        if (ts.isStringLiteralLike(property.initializer)) return { name: property.initializer.text }
      }
    }
  }
  return { name: undefined }
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
