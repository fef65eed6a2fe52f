import { PARTITION_KEY, type Publication } from '../../model/routes.ts'
import { partitionOf } from '../../model/routing/partition-hash.ts'

/** The values for the `{parameter}` parts of a routing key. */
export type RoutingKeyParameters = Readonly<Record<string, string | number>>

/** The protocol's limit, in bytes. */
const LONGEST_KEY = 255

/** Builds the routing key of one message, or returns the reason why the parameters are invalid. */
export type RoutingKeyMaker = (parameters: RoutingKeyParameters | undefined) => { key: string } | { wrong: string }

/** Prepares a publication's routing key, so that messages need no parsing. */
export function routingKeyMaker({ routingKey, parameters, partitionKeys }: Publication): RoutingKeyMaker {
  if (partitionKeys) return partitionKeyMaker(partitionKeys)
  if (parameters.length === 0) {
    const key = { key: routingKey }
    return (given) => (hasAny(given) ? unknownParameter(given, parameters) : key)
  }
  const pieces = splitAtParameters(routingKey, new Set(parameters))
  return (given) => {
    let key = ''
    for (const piece of pieces) {
      if ('text' in piece) {
        key += piece.text
        continue
      }
      const value = given !== undefined && Object.hasOwn(given, piece.parameter) ? given[piece.parameter] : undefined
      if (value === undefined)
        return { wrong: `the parameter "${piece.parameter}" of the routing key "${routingKey}" is missing` }
      const word = String(value)
      if (word === '' || word.includes('.')) {
        return {
          wrong: `the parameter "${piece.parameter}" must be one word without a dot, not ${JSON.stringify(word)}`,
        }
      }
      key += word
    }
    if (Object.keys(given ?? {}).length > parameters.length) return unknownParameter(given ?? {}, parameters)
    const length = Buffer.byteLength(key)
    return length > LONGEST_KEY
      ? { wrong: `the routing key would be ${length} bytes long, and ${LONGEST_KEY} is the maximum` }
      : { key }
  }
}

/** Chooses the binding key of a partition. The value may be any text, because only its hash is used. */
function partitionKeyMaker(partitionKeys: readonly string[]): RoutingKeyMaker {
  return (given = {}) => {
    const unknown = Object.keys(given).some((name) => name !== PARTITION_KEY)
    if (unknown) return unknownParameter(given, [PARTITION_KEY])
    const value = String(given[PARTITION_KEY] ?? '')
    const key = partitionOf(partitionKeys, value)
    if (value === '' || key === undefined) {
      return { wrong: `the parameter "${PARTITION_KEY}" is missing, by whose hash a partition is chosen` }
    }
    return { key }
  }
}

type Piece = { readonly text: string } | { readonly parameter: string }

function splitAtParameters(template: string, names: ReadonlySet<string>): Piece[] {
  return template.split(/(\{[^{}]*\})/).map((part): Piece => {
    const name = part.startsWith('{') && part.endsWith('}') ? part.slice(1, -1) : undefined
    return name !== undefined && names.has(name) ? { parameter: name } : { text: part }
  })
}

function hasAny(given: RoutingKeyParameters | undefined): given is RoutingKeyParameters {
  return given !== undefined && Object.keys(given).length > 0
}

function unknownParameter(given: RoutingKeyParameters, parameters: readonly string[]): { wrong: string } {
  const unknown = Object.keys(given).find((name) => !parameters.includes(name)) ?? ''
  const has = parameters.length === 0 ? 'has no parameters' : `has only ${parameters.join(', ')}`
  return { wrong: `there is no parameter "${unknown}": the routing key ${has}` }
}
