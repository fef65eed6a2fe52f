import { finding, type Finding } from '../../../diagnostics/findings/finding.ts'
import { suggest } from '../../../diagnostics/text/suggest.ts'
import { locationOf, touchesSecret, type Place, type Spot } from '../../source/places.ts'
import type { Tree } from '../../source/tree.ts'
import type { ResolvedValue } from '../references/reference-resolver.ts'
import type { SchemaNode } from './schema.ts'

/** A value that does not have the required form. */
export interface Misfit {
  /** The name of the value, such as its key. */
  readonly what: string
  readonly value: Tree
  readonly spot: Spot
  /** Set if the value came from references; it is then not shown. */
  readonly resolved?: ResolvedValue | undefined
  /** Whether the value is secret and never shown. Text that a code frame masks is secret too. */
  readonly secret?: boolean
}

/** The description of a key without a value. */
export const NOTHING = 'nothing'

/** The finding for a value that is invalid for a schema node. */
export function wrongValue(misfit: Misfit, node: SchemaNode): Finding {
  const { what, spot } = misfit
  const hint = hintFor(misfit, node)
  const args = {
    // Below `password:`, a key may be the password itself; an item of a list has no key.
    what: spot.key !== spot.value && touchesSecret(spot.key) ? '(secret)' : what,
    expected: expectation(node),
    found: describeFound(misfit),
    ...(hint !== undefined && { hint }),
  }
  return finding('wrong-value', args, locationOf(spot.value.end > spot.value.start ? spot.value : spot.key))
}

/** The value that a schema node requires, as a phrase. */
export function expectation(node: SchemaNode): string {
  if (node.title !== undefined) return node.title
  if (node.enum) return node.enum.length === 1 ? String(node.enum[0]) : `one of ${node.enum.join(', ')}`
  const types = typesOf(node)
  const words = types.map((type) => WORDS[type] ?? type).join(' or ')
  if (!types.includes('integer') && !types.includes('number')) return words
  if (node.minimum !== undefined && node.maximum !== undefined)
    return `${words} from ${node.minimum} to ${node.maximum}`
  return node.minimum === undefined ? words : `${words} of at least ${node.minimum}`
}

/** Describes a value without revealing a secret. */
export function describeFound(misfit: Omit<Misfit, 'what'>): string {
  const { value, spot, resolved } = misfit
  if (value === null) return NOTHING
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'a table'
  if (isSecret(misfit)) return value === '' ? 'an empty text' : `a ${typeof value === 'string' ? 'text' : typeof value}`
  if (resolved) return `the value of ${resolved.written}`
  if (typeof value === 'string') return `the text ${JSON.stringify(shortened(value))}`
  return typeof value === 'boolean' ? String(value) : `the number ${shortened(writtenAt(spot.value)) || value}`
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a table',
}

function typesOf({ type }: SchemaNode): readonly string[] {
  return type === undefined ? [] : typeof type === 'string' ? [type] : type
}

function isSecret({ secret = false, spot }: Omit<Misfit, 'what'>): boolean {
  return secret || touchesSecret(spot.value)
}

function hintFor(misfit: Misfit, node: SchemaNode): string | undefined {
  const { value, spot, resolved } = misfit
  const types = typesOf(node)
  if (resolved) return undefined
  const secret = isSecret(misfit)
  if (value === null) return hintForNothing(spot.value, types.includes('string') && !secret)
  if (typeof value === 'number' || typeof value === 'boolean') {
    if (!types.includes('string') || types.includes('integer') || types.includes(typeof value)) return undefined
    return secret ? 'put it into quotes' : `quote it: "${writtenAt(spot.value)}"`
  }
  if (typeof value !== 'string' || secret) return undefined
  if (types.includes('boolean') && /^(yes|no|on|off)$/i.test(value)) return 'write true or false'
  const looksRight = types.includes('boolean')
    ? /^(true|false)$/.test(value)
    : (types.includes('integer') || types.includes('number')) && /^[-+]?[0-9.]+$/.test(value)
  if (looksRight && /^["']/.test(writtenAt(spot.value))) return 'write it without quotes'
  const meant = suggest(value, node.enum?.map(String) ?? [])
  return meant === undefined ? undefined : `did you mean ${JSON.stringify(meant)}?`
}

function hintForNothing({ source, start, end }: Place, text: boolean): string {
  const comment = /^\s*(#\S*)/.exec(source.text.slice(start, source.lineEnd(start)))?.[1]
  if (comment !== undefined && text) return `# begins a comment: quote the text, as in ${JSON.stringify(comment)}`
  if (end > start && text) return `quote it if you mean text: "${source.text.slice(start, end)}"`
  return 'write a value, or remove the key'
}

function writtenAt({ source, start, end }: Place): string {
  return source.text.slice(start, end)
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
