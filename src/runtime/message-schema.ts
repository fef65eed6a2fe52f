import type { AnySchema, ErrorObject, ValidateFunction } from 'ajv'
import type { Routes } from '../model/routes.ts'

/** Says what is wrong with a message, or undefined. */
export type MessageCheck = (body: unknown) => string | undefined

/** Compiles a JSON Schema. Throws what is wrong with the schema itself. */
export type SchemaCompiler = (schema: unknown) => MessageCheck

/** The part of a validator of ajv that is used here; its drafts are classes of their own. */
interface Validator {
  compile(schema: AnySchema): ValidateFunction
}

const OLDER_DRAFT = /json-schema\.org\/draft-0[67]\//

/**
 * Loads the schema library, only when a route has a schema: a runtime without one starts without it.
 * Schemas are of draft 2020-12, or of draft-07 where `$schema` says so.
 */
export async function loadSchemaCompiler(routes: Routes): Promise<SchemaCompiler | undefined> {
  const rules = [...routes.publications, ...routes.subscriptions].map(({ message }) => message)
  if (rules.every((rule) => rule?.schema === undefined)) return undefined

  // A keyword or format that a draft does not know is an annotation, as the standard says, not an error.
  // Two routes may use one schema, which then comes twice with the same `$id`.
  const options = { strict: false, validateFormats: false, addUsedSchema: false }
  const [{ Ajv2020 }, { Ajv }] = await Promise.all([import('ajv/dist/2020.js'), import('ajv')])
  let current: Validator | undefined
  let older: Validator | undefined
  return (schema) => {
    const validator = OLDER_DRAFT.test(draftOf(schema))
      ? (older ??= new Ajv(options))
      : (current ??= new Ajv2020(options))
    const validate = validator.compile(schema as AnySchema)
    return (body) => (validate(body) ? undefined : describe(validate.errors?.[0]))
  }
}

function draftOf(schema: unknown): string {
  const draft = typeof schema === 'object' && schema !== null && '$schema' in schema ? schema.$schema : ''
  return typeof draft === 'string' ? draft : ''
}

function describe(error: ErrorObject | undefined): string {
  const where = error?.instancePath ? `${error.instancePath} ` : ''
  return `${where}${error?.message ?? 'is not as the schema asks'}`
}
