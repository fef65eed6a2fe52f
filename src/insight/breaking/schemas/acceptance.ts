import type { AnySchema } from 'ajv'
import { isTable } from '../../../model/values/table.ts'

/** Whether a message satisfies a schema. */
export type Accepts = (message: unknown) => boolean

const OLDER_DRAFT = /json-schema\.org\/draft-0[67]\//

/**
 * Loads the library that the runtime uses to check messages, with the same options.
 *
 * @returns a function that compiles a schema; it returns undefined if the library refuses the schema
 */
export async function loadAcceptance(): Promise<(schema: unknown) => Accepts | undefined> {
  const options = { strict: false, addUsedSchema: false, logger: false as const }
  const [{ Ajv2020 }, { Ajv }, { default: formats }] = await Promise.all([
    import('ajv/dist/2020.js'),
    import('ajv'),
    import('ajv-formats'),
  ])
  const current = formats.default(new Ajv2020(options))
  const older = formats.default(new Ajv(options))
  return (schema) => {
    const draft = isTable(schema) ? schema['$schema'] : undefined
    const validator = typeof draft === 'string' && OLDER_DRAFT.test(draft) ? older : current
    try {
      const validate = validator.compile(schema as AnySchema)
      return (message) => validate(message) === true
    } catch {
      return undefined
    }
  }
}
