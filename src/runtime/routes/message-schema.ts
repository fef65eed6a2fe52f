import type { ErrorObject, AnySchema, ValidateFunction } from 'ajv'
import type { Routes } from '../../model/routes.ts'

/** The maximum number of listed violations. The others are only counted. */
const MOST = 3
/** The maximum number of listed values. */
const MOST_VALUES = 10
/** The maximum length of a shown name, in characters, because names in a message may come from anywhere. */
const LONGEST_NAME = 100

/**
 * Describes how a message violates its schema. The text contains names of keys, but only values that the schema
 * lists.
 */
export function describeViolations(errors: readonly ErrorObject[]): string {
  const texts = [...new Set(errors.map(describeViolation))]
  const more = texts.length - MOST
  return texts.slice(0, MOST).join('; ') + (more > 0 ? `; and ${more} more` : '')
}

function describeViolation({ instancePath, params, message }: ErrorObject): string {
  const where = instancePath === '' ? '' : `${shortened(instancePath)} `
  return `${where}${explained(params) ?? message ?? 'does not match the schema'}`
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

/** Returns the reason why a message with this number of bytes is invalid, or undefined. */
export type MessageCheck = (body: unknown, bytes: number) => string | undefined

/** Compiles a JSON Schema. Throws if the schema itself is invalid. */
export type SchemaCompiler = (schema: unknown) => MessageCheck

/** The part of an ajv validator that is used here; each draft has its own class. */
interface Validator {
  compile(schema: AnySchema): ValidateFunction
}

/** The largest message in bytes for which all violations are collected; a larger one could have millions. */
const LARGEST_FOR_ALL = 64 * 1024

const OLDER_DRAFT = /json-schema\.org\/draft-0[67]\//

/**
 * Loads the schema library, but only if a route has a schema, so that other runtimes start without it. Schemas use
 * draft 2020-12, or draft-07 if `$schema` says so.
 */
export async function loadSchemaCompiler(routes: Routes): Promise<SchemaCompiler | undefined> {
  const replies = routes.publications.map(({ reply }) => reply?.message)
  const rules = [...[...routes.publications, ...routes.subscriptions].map(({ message }) => message), ...replies]
  if (rules.every((rule) => rule?.schema === undefined && rule?.schemas === undefined)) return undefined

  // An unknown keyword or format is an annotation according to the standard, and not an error. Two routes may use the
  // same schema, which is then compiled twice with the same `$id`.
  const options = { strict: false, addUsedSchema: false, logger: false as const }
  const [{ Ajv2020 }, { Ajv }, { default: formats }] = await Promise.all([
    import('ajv/dist/2020.js'),
    import('ajv'),
    import('ajv-formats'),
  ])
  const validators = new Map<string, Validator>()
  function compile(schema: unknown, allErrors: boolean): ValidateFunction {
    const isOlder = OLDER_DRAFT.test(draftOf(schema))
    const key = `${isOlder} ${allErrors}`
    const made = validators.get(key)
    const validator =
      made ?? formats.default(isOlder ? new Ajv({ ...options, allErrors }) : new Ajv2020({ ...options, allErrors }))
    validators.set(key, validator)
    return validator.compile(schema as AnySchema)
  }
  return (schema) => {
    const validate = compile(schema, false)
    let findAll: ValidateFunction | undefined
    return (body, bytes) => {
      if (validate(body)) return undefined
      if (bytes > LARGEST_FOR_ALL) return describeViolations(validate.errors ?? [])
      findAll ??= compile(schema, true)
      findAll(body)
      return describeViolations(findAll.errors ?? [])
    }
  }
}

function draftOf(schema: unknown): string {
  const draft = typeof schema === 'object' && schema !== null && '$schema' in schema ? schema.$schema : ''
  return typeof draft === 'string' ? draft : ''
}
