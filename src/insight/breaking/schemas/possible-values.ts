import { canonicalJson } from '../../../model/address.ts'
import {
  JSON_TYPES,
  type JsonType,
  type SchemaTable,
  isAnnotation,
  jsonTypeOf,
  listedTypes,
  listedValues,
} from './keywords.ts'

/** The types of the values that satisfy all parts. */
export function possibleTypes(parts: readonly SchemaTable[]): readonly JsonType[] {
  return JSON_TYPES.filter((type) =>
    parts.every((part) => {
      const listed = listedTypes(part)
      if (listed !== undefined && !listed.some((each) => (each === 'integer' ? 'number' : each) === type)) return false
      const values = listedValues(part)
      return values === undefined || values.some((each) => jsonTypeOf(each) === type)
    }),
  )
}

/** Whether values of the given types, which satisfy all parts, have an accepted type. */
export function typesHold(
  parts: readonly SchemaTable[],
  types: readonly JsonType[],
  accepted: readonly string[],
): boolean {
  return types.every((type) => {
    if (accepted.includes(type)) return true
    if (type !== 'number' || !accepted.includes('integer')) return false
    return parts.some((part) => {
      const listed = listedTypes(part)
      return listed?.includes('integer') === true && !listed.includes('number')
    })
  })
}

/** Lists the values that satisfy `enum`, `const` and `type` of all parts; undefined if there are more than a few. */
export function fewValues(parts: readonly SchemaTable[]): readonly unknown[] | undefined {
  const lists = parts.flatMap((part) => (listedValues(part) === undefined ? [] : [listedValues(part) ?? []]))
  const [first] = lists
  const types = possibleTypes(parts)
  if (first !== undefined) return first.filter((each) => types.includes(jsonTypeOf(each)))
  return types.every((type) => type === 'null' || type === 'boolean')
    ? [null, true, false].filter((each) => types.some((type) => type === jsonTypeOf(each)))
    : undefined
}

function isOfType(value: unknown, type: string): boolean {
  return type === 'integer' ? Number.isInteger(value) : jsonTypeOf(value) === type
}

/** Whether a single value satisfies the accepted schema. */
export function acceptsValue(value: unknown, accepted: SchemaTable): boolean {
  const listed = listedValues(accepted)
  const others = Object.keys(accepted).filter((each) => !isAnnotation(each) && each !== 'enum' && each !== 'const')
  const text = canonicalJson(value)
  if (listed !== undefined && !listed.some((each) => canonicalJson(each) === text)) return false
  const types = listedTypes(accepted)
  if (types !== undefined && !types.some((type) => isOfType(value, type))) return false
  return others.every((each) => each === 'type')
}
