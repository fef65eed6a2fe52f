import { canonicalJson } from '../../../model/address.ts'
import { isTable } from '../../../model/values/table.ts'
import { additionalSchemas, flatten, isComparable, propertySchemas } from './conjunction.ts'
import {
  type JsonType,
  type SchemaDocument,
  type SchemaTable,
  isAnnotation,
  isUnderstood,
  listedTypes,
  propertiesOf,
  resolveReference,
  schemasOf,
} from './keywords.ts'
import { acceptsValue, fewValues, possibleTypes, typesHold } from './possible-values.ts'
import { boundHolds, numberImplies, stringImplies } from './prove-scalars.ts'

/** Two schemas, with the documents that their references point into. */
interface Pair {
  readonly sent: SchemaDocument
  readonly accepted: SchemaDocument
}

/**
 * Proves that every message that satisfies one schema also satisfies another. The answer is only "yes" or "not
 * proven".
 *
 * The proof goes through the keywords of the accepted schema. An unknown keyword of the sent schema can only restrict
 * it, so the proof ignores it. An unknown keyword of the accepted schema is never proven.
 */
export function isProvenAccepted(sent: unknown, accepted: unknown): boolean {
  const proof = new Proof({ sent: { root: sent }, accepted: { root: accepted } })
  return proof.holds([sent], accepted, 0)
}

class Proof {
  readonly #pair: Pair
  /**
   * The proofs in progress, with their depth in the message. A recursive schema reaches the same pair again at a
   * greater depth, and then the proof holds.
   */
  readonly #open = new Map<string, number>()
  #budget = 2_000

  constructor(pair: Pair) {
    this.#pair = pair
  }

  /** @param sent schemas that the value satisfies all at once */
  holds(sent: readonly unknown[], accepted: unknown, depth: number): boolean {
    if ((this.#budget -= 1) < 0) return false
    const key = canonicalJson([sent, accepted])
    const before = this.#open.get(key)
    if (before !== undefined) return before < depth
    this.#open.set(key, depth)
    try {
      return this.#holds(sent, accepted, depth)
    } finally {
      this.#open.delete(key)
    }
  }

  #holds(sent: readonly unknown[], accepted: unknown, depth: number): boolean {
    if (accepted === true) return true
    const conjunction = flatten(sent, this.#pair.sent)
    if (conjunction === undefined) return false
    if (conjunction.empty) return true
    if (!isTable(accepted) || !isComparable(accepted, this.#pair.accepted)) return false
    if (Object.hasOwn(accepted, '$ref')) {
      const target = resolveReference(accepted, this.#pair.accepted)
      return target !== undefined && this.holds(sent, target, depth)
    }
    const { parts } = conjunction
    return this.#bySplitting(parts, accepted, depth) || this.#byKeywords(parts, accepted, depth)
  }

  /** Whether the accepted schema accepts each branch of the sent one, or each of its few values. */
  #bySplitting(parts: readonly SchemaTable[], accepted: SchemaTable, depth: number): boolean {
    const values = fewValues(parts)
    if (values?.every((each) => acceptsValue(each, accepted)) === true) return true
    for (const part of parts) {
      for (const keyword of ['anyOf', 'oneOf']) {
        const branches = schemasOf(part[keyword])
        if (branches.length === 0) continue
        const { [keyword]: _, ...rest } = part
        const others = parts.filter((each) => each !== part)
        if (branches.every((branch) => this.holds([...others, rest, branch], accepted, depth))) return true
      }
    }
    return false
  }

  #byKeywords(parts: readonly SchemaTable[], accepted: SchemaTable, depth: number): boolean {
    const types = possibleTypes(parts)
    return Object.keys(accepted).every(
      (keyword) => isAnnotation(keyword) || this.#keywordHolds(keyword, parts, types, accepted, depth),
    )
  }

  #keywordHolds(
    keyword: string,
    parts: readonly SchemaTable[],
    types: readonly JsonType[],
    accepted: SchemaTable,
    depth: number,
  ): boolean {
    if (!isUnderstood(keyword)) return false
    const value = accepted[keyword]
    switch (keyword) {
      case 'type':
        return typesHold(parts, types, listedTypes(accepted) ?? [])
      case 'enum':
      case 'const':
        return false
      case 'allOf':
        return schemasOf(value).every((each) => this.holds(parts, each, depth))
      case 'anyOf':
        return this.#someBranch(parts, schemasOf(value), depth)
      case 'oneOf':
        return this.#oneBranch(parts, schemasOf(value), depth)
      case 'properties':
      case 'required':
      case 'additionalProperties':
        return !types.includes('object') || this.#objectHolds(keyword, parts, accepted, depth)
      case 'minProperties':
      case 'maxProperties':
        return !types.includes('object') || boundHolds(keyword, parts, value)
      case 'items':
        return !types.includes('array') || this.#itemsHold(parts, value, depth)
      case 'minItems':
      case 'maxItems':
        return !types.includes('array') || boundHolds(keyword, parts, value)
      case 'minLength':
      case 'maxLength':
        return !types.includes('string') || boundHolds(keyword, parts, value)
      case 'pattern':
        return !types.includes('string') || stringImplies(keyword, parts, value)
      case 'format':
        // Some formats also apply to numbers.
        return !(types.includes('string') || types.includes('number')) || stringImplies(keyword, parts, value)
      default:
        return !types.includes('number') || numberImplies(keyword, parts, value)
    }
  }

  #someBranch(parts: readonly SchemaTable[], branches: readonly unknown[], depth: number): boolean {
    if (branches.some((branch) => this.holds(parts, branch, depth))) return true
    const types = possibleTypes(parts)
    if (types.length < 2) return false
    return types.every((type) => branches.some((branch) => this.holds([...parts, { type }], branch, depth)))
  }

  /** Exactly one branch accepts each type, because the other branches refuse it. */
  #oneBranch(parts: readonly SchemaTable[], branches: readonly unknown[], depth: number): boolean {
    const types = possibleTypes(parts)
    return types.every((type) => {
      const candidates = branches.filter((branch) => !this.#refusesType(branch, type))
      const [only] = candidates
      return candidates.length === 1 && this.holds([...parts, { type }], only, depth)
    })
  }

  #refusesType(branch: unknown, type: JsonType): boolean {
    if (branch === false) return true
    if (!isTable(branch)) return false
    if (Object.hasOwn(branch, '$ref')) {
      const target = resolveReference(branch, this.#pair.accepted)
      return isTable(target) && !Object.hasOwn(target, '$ref') && this.#refusesType(target, type)
    }
    return !possibleTypes([branch]).includes(type)
  }

  #objectHolds(keyword: string, parts: readonly SchemaTable[], accepted: SchemaTable, depth: number): boolean {
    if (keyword === 'required') {
      const always = new Set(parts.flatMap(({ required }) => schemasOf(required)))
      return schemasOf(accepted['required']).every((name) => always.has(name))
    }
    const known = propertiesOf(accepted)
    if (keyword === 'properties') {
      return Object.keys(known).every((name) => this.holds(propertySchemas(parts, name), known[name], depth + 1))
    }
    const others = accepted['additionalProperties']
    if (others === true) return true
    // A property that matches a pattern is not an additional one.
    if (Object.hasOwn(accepted, 'patternProperties')) return false
    const named = new Set(parts.flatMap((part) => Object.keys(propertiesOf(part))))
    for (const name of Object.keys(known)) named.delete(name)
    return (
      [...named].every((name) => this.holds(propertySchemas(parts, name), others, depth + 1)) &&
      this.holds(additionalSchemas(parts), others, depth + 1)
    )
  }

  #itemsHold(parts: readonly SchemaTable[], items: unknown, depth: number): boolean {
    if (Array.isArray(items)) return false
    const sent = parts.flatMap((part) =>
      Object.hasOwn(part, 'items') && !Object.hasOwn(part, 'prefixItems') && !Array.isArray(part['items'])
        ? [part['items']]
        : [],
    )
    return this.holds(sent, items, depth + 1)
  }
}
