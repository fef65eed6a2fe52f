import { errorMessage } from '../../diagnostics/thrown.ts'
import type { AnySchema, ErrorObject } from 'ajv'
import type { SchemaUse } from './schema-reader.ts'
import { finding, type Finding } from '../../diagnostics/findings/finding.ts'

const OLDER_DRAFT = /json-schema\.org\/draft-0[67]\//

/**
 * Finds message schemas that the runtime could not use: it would start, and then refuse every message of the route.
 * Each schema is compiled in the same way as in the runtime. The schema library is loaded only if a route has a
 * schema.
 */
export async function checkMessageSchemas(uses: readonly SchemaUse[]): Promise<Finding[]> {
  if (uses.length === 0) return []
  const options = { strict: false, addUsedSchema: false, logger: false as const }
  const [{ Ajv2020 }, { Ajv }, { default: formats }] = await Promise.all([
    import('ajv/dist/2020.js'),
    import('ajv'),
    import('ajv-formats'),
  ])
  const current = formats.default(new Ajv2020(options))
  const older = formats.default(new Ajv(options))
  const problems = new Map<unknown, string | undefined>()
  return uses.flatMap(({ path, schema, location }) => {
    if (!problems.has(schema)) {
      problems.set(schema, problemOf(schema, OLDER_DRAFT.test(draftOf(schema)) ? older : current))
    }
    const problem = problems.get(schema)
    return problem === undefined ? [] : [finding('schema-invalid', { path, problem }, location)]
  })
}

/** The part of an ajv validator that is used here; each draft has its own class. */
interface Validator {
  compile(schema: AnySchema): unknown
  readonly errors?: ErrorObject[] | null | undefined
}

function problemOf(schema: unknown, validator: Validator): string | undefined {
  try {
    validator.compile(schema as AnySchema)
    return undefined
  } catch (error) {
    const [first] = validator.errors ?? []
    if (!first) return errorMessage(error)
    const allowed: unknown = first.params['allowedValues']
    return `${first.instancePath} ${first.message}${Array.isArray(allowed) ? `: ${allowed.join(', ')}` : ''}`.trim()
  }
}

function draftOf(schema: unknown): string {
  const draft = typeof schema === 'object' && schema !== null && '$schema' in schema ? schema.$schema : ''
  return typeof draft === 'string' ? draft : ''
}
