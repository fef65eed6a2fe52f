/** Two schemas: messages are sent by the first, and accepted by the second. */
export interface SchemaPair {
  readonly title: string
  readonly sent: unknown
  readonly accepted: unknown
  readonly verdict: 'compatible' | 'breaking' | 'undecided'
}

const order = (more: object = {}, required: readonly string[] = ['id']) => ({
  type: 'object',
  properties: { id: { type: 'integer' }, ...more },
  required,
})
const closed = (more: object = {}, required: readonly string[] = ['id']) => ({
  ...order(more, required),
  additionalProperties: false,
})
const text = (more: object = {}) => ({ type: 'string', ...more })
const number = (more: object = {}) => ({ type: 'number', ...more })
const list = (items: unknown, more: object = {}) => ({ type: 'array', items, ...more })
const tree = (value: object) => ({
  $defs: { node: { type: 'object', properties: { value, next: { $ref: '#/$defs/node' } }, required: ['value'] } },
  $ref: '#/$defs/node',
})

type Row = readonly [title: string, sent: unknown, accepted: unknown]

const COMPATIBLE: readonly Row[] = [
  ['the same schema with another description', { ...order(), description: 'old' }, { ...order(), title: 'new' }],
  ['a new optional property, accepted by a schema that allows others', order({ note: text() }), order()],
  ['a new required property that is only sent', order({ note: text() }, ['id', 'note']), order()],
  ['an optional property that is no longer sent', closed(), closed({ note: text() })],
  ['a value of a list that is no longer sent', { enum: ['a', 'b'] }, { enum: ['a', 'b', 'c'] }],
  ['a constant of a list', { const: 'a' }, { enum: ['a', 'b'] }],
  ['whole numbers where numbers are accepted', { type: 'integer' }, number()],
  ['one type of two', text(), { type: ['string', 'null'] }],
  ['narrower bounds', number({ minimum: 5, maximum: 6 }), number({ minimum: 1, maximum: 6 })],
  ['an exclusive bound where an inclusive one is accepted', number({ exclusiveMinimum: 0 }), number({ minimum: 0 })],
  ['a shorter text', text({ maxLength: 5 }), text({ maxLength: 10 })],
  ['an equal pattern', text({ pattern: '^a+$', maxLength: 3 }), text({ pattern: '^a+$' })],
  ['an equal format', text({ format: 'uuid' }), text({ format: 'uuid' })],
  ['fewer items', list(number(), { maxItems: 2 }), list(number(), { maxItems: 3 })],
  ['narrower items', list({ type: 'integer' }), list(number())],
  ['a branch of anyOf', text(), { anyOf: [text(), number()] }],
  ['branches that are all accepted', { anyOf: [text(), number()] }, { type: ['string', 'number', 'null'] }],
  ['types that branches accept one by one', { type: ['string', 'number'] }, { anyOf: [text(), number()] }],
  ['a branch of oneOf that no other can be', text({ minLength: 2 }), { oneOf: [text(), number()] }],
  [
    'parts of allOf together',
    { allOf: [number({ minimum: 2 }), number({ maximum: 9 })] },
    number({ minimum: 1, maximum: 10 }),
  ],
  [
    'a schema behind a reference',
    { $defs: { id: { type: 'integer' } }, ...order({ id: { $ref: '#/$defs/id' } }) },
    order(),
  ],
  ['a recursive schema with narrower values', tree({ type: 'integer' }), tree({ type: 'number' })],
  ['a multiple of a multiple', { type: 'integer', multipleOf: 10 }, { type: 'integer', multipleOf: 5 }],
  ['anything accepted', order(), true],
]

const BREAKING: readonly Row[] = [
  ['a required property that is no longer sent', order({}, []), order()],
  ['a new property for a closed schema', closed({ note: text() }), closed()],
  ['other properties for a closed schema', order(), closed()],
  ['a property of another type', order({ id: text() }), order()],
  ['a value that is new in a list', { enum: ['a', 'b', 'c'] }, { enum: ['a', 'b'] }],
  ['a string where values are listed', text(), { enum: ['a', 'b'] }],
  ['numbers where whole numbers are accepted', number(), { type: 'integer' }],
  ['null as a new type', { type: ['string', 'null'] }, text()],
  ['a wider bound', number({ minimum: 0 }), number({ minimum: 1 })],
  ['an inclusive bound where an exclusive one is accepted', number({ maximum: 9 }), number({ exclusiveMaximum: 9 })],
  ['a longer text', text({ maxLength: 11 }), text({ maxLength: 10 })],
  ['an empty text where one is too short', text(), text({ minLength: 1 })],
  ['any text for a pattern', text(), text({ pattern: '^[A-Z]{3}$' })],
  ['any text for a format', text(), text({ format: 'date-time' })],
  ['more items', list(number(), { maxItems: 4 }), list(number(), { maxItems: 3 })],
  ['fewer items than are accepted', list(number()), list(number(), { minItems: 1 })],
  [
    'wider items deep inside',
    order({ lines: list(order({ count: number() })) }),
    order({ lines: list(order({ count: number({ minimum: 0 }) })) }),
  ],
  ['a branch that is not accepted', { anyOf: [text(), number()] }, text()],
  ['two branches of oneOf at once', { type: 'integer' }, { oneOf: [number(), { type: 'integer' }] }],
  ['a recursive schema with wider values', tree({ type: 'number' }), tree({ type: 'integer' })],
  ['anything sent', true, order()],
  ['a value that not forbids', { enum: [1, 2] }, { not: { const: 2 } }],
]

const UNDECIDED: readonly Row[] = [
  ['patterns that accept equal texts', text({ pattern: '^[0-9]+$' }), text({ pattern: '^\\d+$' })],
  ['texts that a condition accepts', order(), { if: { required: ['never'] }, else: true }],
  ['a keyword of another dialect', { type: 'string', nullable: true }, { type: ['null', 'string'] }],
  [
    'properties by patterns',
    closed(),
    { type: 'object', patternProperties: { '^id$': { type: 'integer' } }, additionalProperties: false },
  ],
]

/** 24 compatible pairs, 22 breaking ones, and 4 that are beyond the comparison. */
export const SCHEMA_PAIRS: readonly SchemaPair[] = [
  ...COMPATIBLE.map(pairOf('compatible')),
  ...BREAKING.map(pairOf('breaking')),
  ...UNDECIDED.map(pairOf('undecided')),
]

function pairOf(verdict: SchemaPair['verdict']) {
  return ([title, sent, accepted]: Row): SchemaPair => ({ title, sent, accepted, verdict })
}
