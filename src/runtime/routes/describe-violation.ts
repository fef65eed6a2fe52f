import type { ErrorObject } from 'ajv'

/** How many violations are told; the others only counted. */
const MOST = 3
/** How many allowed values are listed. */
const MOST_VALUES = 10
/** How much of a name is shown, in characters: names of a message come from anywhere. */
const LONGEST_NAME = 100

/** Says where a message is not as its schema asks. It shows names of keys, and of values only those that the schema allows. */
export function describeViolations(errors: readonly ErrorObject[]): string {
  const texts = [...new Set(errors.map(describeViolation))]
  const more = texts.length - MOST
  return texts.slice(0, MOST).join('; ') + (more > 0 ? `; and ${more} more` : '')
}

function describeViolation({ instancePath, params, message }: ErrorObject): string {
  const where = instancePath === '' ? '' : `${shortened(instancePath)} `
  return `${where}${explained(params) ?? message ?? 'is not as the schema asks'}`
}

function explained(params: Readonly<Record<string, unknown>>): string | undefined {
  const unknown = params['additionalProperty'] ?? params['unevaluatedProperty']
  if (typeof unknown === 'string') return `must not have the property ${quoted(unknown)}`
  if (typeof params['propertyName'] === 'string')
    return `must not have a property named ${quoted(params['propertyName'])}`
  if (Array.isArray(params['allowedValues'])) return `must be one of: ${listed(params['allowedValues'])}`
  if ('allowedValue' in params) return `must be ${JSON.stringify(params['allowedValue'])}`
  return undefined
}

function listed(values: readonly unknown[]): string {
  const shown = values.slice(0, MOST_VALUES).map((each) => JSON.stringify(each))
  return shown.join(', ') + (values.length > MOST_VALUES ? ', …' : '')
}

function quoted(name: string): string {
  return JSON.stringify(shortened(name))
}

function shortened(text: string): string {
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}…` : text
}
