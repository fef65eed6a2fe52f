import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadAcceptance } from '../../../../src/insight/breaking/schemas/acceptance.ts'
import { type SchemaVerdict, loadSchemaComparison } from '../../../../src/insight/breaking/schemas/compare-schemas.ts'
import { messagesFor } from '../../../../src/insight/breaking/schemas/generate-messages.ts'
import { randomCases } from '../../../thorough.ts'
import { arbitraryMessage, arbitrarySchema } from './arbitrary-schema.ts'
import { SCHEMA_PAIRS } from './schema-pairs.ts'

const compare = await loadSchemaComparison()
const compile = await loadAcceptance()

/**
 * Whether a "breaking" verdict has a message that the first schema accepts and the second refuses, according to the
 * schema library.
 */
function isShown(sent: unknown, accepted: unknown, found: SchemaVerdict): boolean {
  if (found.verdict !== 'breaking') return true
  return compile(sent)?.(found.counterexample) === true && compile(accepted)?.(found.counterexample) === false
}

describe('the comparison of message schemas', () => {
  it('has 50 pairs of schemas', () => {
    expect(SCHEMA_PAIRS).toHaveLength(50)
  })

  it.each(SCHEMA_PAIRS)('finds $verdict: $title', ({ sent, accepted, verdict }) => {
    const found = compare(sent, accepted)

    expect(found.verdict).toBe(verdict)
    expect(isShown(sent, accepted, found)).toBe(true)
  })

  it('treats an absent schema as one that accepts every message', () => {
    expect(compare({ type: 'string' }, undefined)).toEqual({ verdict: 'compatible' })
    expect(compare(undefined, { type: 'string' })).toMatchObject({ verdict: 'breaking' })
  })

  it('returns no verdict about a schema that the schema library refuses', () => {
    expect(compare({ type: 'string' }, { type: 'strnig' })).toEqual({ verdict: 'undecided' })
    expect(compare({ $ref: '#/$defs/missing' }, { type: 'string' })).toEqual({ verdict: 'undecided' })
  })

  it('keeps properties that are named like annotations', () => {
    const dependent = (name: string) => ({ type: 'object', dependentRequired: { title: [name] } })

    expect(compare(dependent('a'), dependent('b'))).toEqual({ verdict: 'undecided' })
  })

  it('never calls schemas compatible if a message is refused', () => {
    const oneOfEach = fc.tuple(arbitrarySchema, arbitrarySchema, fc.array(arbitraryMessage, { maxLength: 30 }))
    fc.assert(
      fc.property(oneOfEach, ([sent, accepted, messages]) => {
        const found = compare(sent, accepted)
        const [isSent, isAccepted] = [compile(sent), compile(accepted)]
        expect(isShown(sent, accepted, found)).toBe(true)
        const tried = found.verdict === 'compatible' ? [...messages, ...messagesFor(sent, accepted)] : []
        expect(tried.filter((each) => isSent?.(each) === true && isAccepted?.(each) === false)).toEqual([])
      }),
      { numRuns: randomCases(40, 5_000) },
    )
  })

  it('calls a schema compatible with itself, and with an added branch', () => {
    fc.assert(
      fc.property(arbitrarySchema, arbitrarySchema, (schema, other) => {
        expect(compare(schema, structuredClone(schema)).verdict).toBe('compatible')
        expect(compare({ allOf: [schema, other] }, schema).verdict).not.toBe('breaking')
        expect(compare(schema, { anyOf: [other, schema] }).verdict).not.toBe('breaking')
      }),
      { numRuns: randomCases(20, 1_000) },
    )
  })
})
