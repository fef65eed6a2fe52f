import type { SchemaNode } from './schema.ts'

/** A rule of a schema that a value breaks. */
export interface SchemaError {
  /** The value, as a JSON pointer. */
  readonly instancePath: string
  /** The keyword of the rule. */
  readonly keyword: string
  /** The key that is missing or unknown. */
  readonly key?: string
  /** The node of the schema that has the rule. */
  readonly parentSchema: SchemaNode
}

/** The position of a value: its key, and the position of the table or list that contains it. */
interface Position {
  readonly above: Position | undefined
  readonly key: string | number
}

/** Adds the errors of a value to a list. */
type Check = (value: unknown, at: Position | undefined, errors: SchemaError[]) => void
type CheckOf = (node: SchemaNode | boolean) => Check
/** The rule of a keyword, for values of one type. */
type Rule = (node: SchemaNode, checkOf: CheckOf) => Check

/**
 * Compiles a JSON Schema of warren to a function that lists the errors of a value. Parts of the schema are compiled when a
 * value needs them. Errors within the branches of `oneOf` are left out: the error of `oneOf` itself is the one to report.
 *
 * It knows the keywords that the schemas of warren use, and throws an error for any other.
 */
export function schemaCheck(schema: SchemaNode): (value: unknown) => readonly SchemaError[] {
  const checkOf = checksWithin(schema)
  const check = checkOf(schema)
  return (value) => {
    const errors: SchemaError[] = []
    check(value, undefined, errors)
    return errors
  }
}

/** Returns the check of a node, which is compiled on its first use. */
function checksWithin(root: SchemaNode): CheckOf {
  const referred = new Map<string, Check>()
  const checkOf: CheckOf = (node) => {
    let compiled: Check | undefined
    return (value, at, errors) => (compiled ??= compile(node))(value, at, errors)
  }
  const definition = (ref: string): Check => {
    const known = referred.get(ref)
    if (known !== undefined) return known
    const node = root.definitions?.[ref.replace('#/definitions/', '')]
    if (node === undefined) throw new Error(`${ref} is not in the schema`)
    const check = checkOf(node)
    referred.set(ref, check)
    return check
  }
  const compile = (node: SchemaNode | boolean): Check => {
    if (node === true) return () => {}
    if (node === false) return (_value, at, errors) => addError(errors, at, 'false schema', {})
    const unknown = Object.keys(node).find((keyword) => !KEYWORDS.has(keyword))
    if (unknown !== undefined) throw new Error(`no rule for the keyword ${unknown} of a schema`)
    const checks = RULES.filter(([keyword]) => keyword in node).map(([, rule]) => rule(node, checkOf))
    if (node.$ref !== undefined) checks.unshift(definition(node.$ref))
    if (ABOUT_PROPERTIES.some((keyword) => keyword in node)) checks.push(propertiesRule(node, checkOf))
    const [only = () => {}, ...others] = checks
    if (others.length === 0) return only
    return (value, at, errors) => {
      for (const check of checks) check(value, at, errors)
    }
  }
  return checkOf
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => Number.isFinite(value),
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: (value) => Array.isArray(value),
  object: isObject,
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The rules of keywords, in the order in which a value is checked. The type is first: the others assume it. */
const RULES: readonly (readonly [keyword: keyof SchemaNode, rule: Rule])[] = [
  ['type', typeRule],
  ['maximum', numberRule('maximum', (value, limit) => value <= limit)],
  ['minimum', numberRule('minimum', (value, limit) => value >= limit)],
  ['maxLength', lengthRule('maxLength', (length, limit) => length <= limit)],
  ['minLength', lengthRule('minLength', (length, limit) => length >= limit)],
  ['pattern', patternRule],
  [
    'const',
    valueRule(
      'const',
      ({ const: wanted }) =>
        (value) =>
          value === wanted,
    ),
  ],
  [
    'enum',
    valueRule(
      'enum',
      ({ enum: wanted = [] }) =>
        (value) =>
          wanted.includes(value),
    ),
  ],
  ['not', valueRule('not', ({ not = true }, checkOf) => failsOf(checkOf(not)))],
  ['oneOf', oneOfRule],
  ['if', conditionRule],
  ['maxItems', sizeRule('maxItems', Array.isArray, (size, limit) => size <= limit)],
  ['minItems', sizeRule('minItems', Array.isArray, (size, limit) => size >= limit)],
  ['items', itemsRule],
  ['maxProperties', sizeRule('maxProperties', isObject, (size, limit) => size <= limit)],
  ['minProperties', sizeRule('minProperties', isObject, (size, limit) => size >= limit)],
  ['required', requiredRule],
  ['propertyNames', keysRule],
]

/** Keywords of which one rule decides together. */
const ABOUT_PROPERTIES = ['properties', 'patternProperties', 'additionalProperties']

/** Keywords that the rule of another one reads. */
const READ_BY_OTHERS = ['$ref', 'definitions', 'then', 'else']
const FOR_READERS = ['$schema', 'title', 'description', 'default', 'examples']

const KEYWORDS: ReadonlySet<string> = new Set([
  ...RULES.map(([keyword]) => keyword),
  ...ABOUT_PROPERTIES,
  ...READ_BY_OTHERS,
  ...FOR_READERS,
])

function typeRule(node: SchemaNode): Check {
  const types = [node.type ?? []].flat().map((type) => TYPES[type] ?? (() => false))
  const [only] = types
  const isOne = only !== undefined && types.length === 1 ? only : (value: unknown) => types.some((is) => is(value))
  return (value, at, errors) => {
    if (!isOne(value)) addError(errors, at, 'type', node)
  }
}

/** A rule about the value as a whole. */
function valueRule(keyword: string, testOf: (node: SchemaNode, checkOf: CheckOf) => (value: unknown) => boolean): Rule {
  return (node, checkOf) => {
    const test = testOf(node, checkOf)
    return (value, at, errors) => {
      if (!test(value)) addError(errors, at, keyword, node)
    }
  }
}

function numberRule(keyword: 'minimum' | 'maximum', test: (value: number, limit: number) => boolean): Rule {
  return valueRule(
    keyword,
    ({ [keyword]: limit = 0 }) =>
      (value) =>
        !Number.isFinite(value) || test(value as number, limit),
  )
}

/** Lengths count characters, as JSON Schema does, and not UTF-16 units. */
function lengthRule(keyword: 'minLength' | 'maxLength', test: (length: number, limit: number) => boolean): Rule {
  return valueRule(keyword, ({ [keyword]: limit = 0 }) => (value) => {
    if (typeof value !== 'string') return true
    return test(/[\ud800-\udbff]/.test(value) ? Array.from(value).length : value.length, limit)
  })
}

function sizeRule(
  keyword: 'minItems' | 'maxItems' | 'minProperties' | 'maxProperties',
  applies: (value: unknown) => boolean,
  test: (size: number, limit: number) => boolean,
): Rule {
  return valueRule(
    keyword,
    ({ [keyword]: limit = 0 }) =>
      (value) =>
        !applies(value) || test(Object.keys(value as object).length, limit),
  )
}

function patternRule(node: SchemaNode): Check {
  const pattern = new RegExp(node.pattern ?? '', 'u')
  return (value, at, errors) => {
    if (typeof value === 'string' && !pattern.test(value)) addError(errors, at, 'pattern', node)
  }
}

function failsOf(check: Check): (value: unknown) => boolean {
  return (value) => {
    const errors: SchemaError[] = []
    check(value, undefined, errors)
    return errors.length > 0
  }
}

function oneOfRule(node: SchemaNode, checkOf: CheckOf): Check {
  const fails = (node.oneOf ?? []).map((branch) => failsOf(checkOf(branch)))
  return (value, at, errors) => {
    if (fails.filter((failsIn) => !failsIn(value)).length !== 1) addError(errors, at, 'oneOf', node)
  }
}

function conditionRule(node: SchemaNode, checkOf: CheckOf): Check {
  const fails = failsOf(checkOf(node.if ?? true))
  const matching = checkOf(node.then ?? true)
  const other = checkOf(node.else ?? true)
  return (value, at, errors) => (fails(value) ? other : matching)(value, at, errors)
}

function itemsRule(node: SchemaNode, checkOf: CheckOf): Check {
  const check = checkOf(node.items ?? true)
  return (value, at, errors) => {
    if (!Array.isArray(value)) return
    for (const [key, item] of value.entries()) check(item, { above: at, key }, errors)
  }
}

function requiredRule(node: SchemaNode): Check {
  const keys = node.required ?? []
  return (value, at, errors) => {
    if (!isObject(value)) return
    for (const key of keys) if (value[key] === undefined) addError(errors, at, 'required', node, key)
  }
}

function keysRule(node: SchemaNode, checkOf: CheckOf): Check {
  const check = checkOf(node.propertyNames ?? true)
  return (value, at, errors) => {
    if (!isObject(value)) return
    // An error about a key is one of the table.
    for (const key of Object.keys(value)) check(key, at, errors)
  }
}

/** Checks the values of all keys: those with a name, those with a pattern, and all others. */
function propertiesRule(node: SchemaNode, checkOf: CheckOf): Check {
  const named = new Map(Object.entries(node.properties ?? {}).map(([key, each]) => [key, checkOf(each)]))
  const patterns = Object.entries(node.patternProperties ?? {}).map(
    ([pattern, each]) => [new RegExp(pattern, 'u'), checkOf(each)] as const,
  )
  const { additionalProperties: additional = true } = node
  const other = additional === false ? undefined : checkOf(additional)
  return (value, at, errors) => {
    if (!isObject(value)) return
    for (const key of Object.keys(value)) {
      const matching = patterns.length === 0 ? patterns : patterns.filter(([pattern]) => pattern.test(key))
      const check = named.get(key) ?? (matching.length === 0 ? other : undefined)
      if (check !== undefined) check(value[key], { above: at, key }, errors)
      else if (matching.length === 0) addError(errors, at, 'additionalProperties', node, key)
      for (const [, each] of matching) each(value[key], { above: at, key }, errors)
    }
  }
}

function addError(
  errors: SchemaError[],
  at: Position | undefined,
  keyword: string,
  parentSchema: SchemaNode,
  key?: string,
): void {
  errors.push({ instancePath: pointerOf(at), keyword, parentSchema, ...(key !== undefined && { key }) })
}

function pointerOf(at: Position | undefined): string {
  let pointer = ''
  for (let each = at; each !== undefined; each = each.above) {
    pointer = `/${String(each.key).replaceAll('~', '~0').replaceAll('/', '~1')}${pointer}`
  }
  return pointer
}
