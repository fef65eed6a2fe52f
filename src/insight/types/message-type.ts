import { importOptional } from '../../diagnostics/import-optional.ts'
import { errorMessage } from '../../diagnostics/thrown.ts'
import type { JSONSchema } from 'json-schema-to-typescript'

/** The declarations for one schema. `Body` is the message itself. */
export interface MessageType {
  readonly declarations: string
  /** Why the type is incomplete, if it is. */
  readonly gap?: string
}

const NOTHING = 'export type Body = unknown\n'

/**
 * Makes TypeScript types from a JSON Schema. Properties that the schema does not name are left out, even if it allows
 * them, so that the compiler finds misspelled ones. The library is an optional peer dependency, and is loaded only if a
 * route names a schema.
 *
 * @throws {MissingPackageError} when it is not installed
 */
export async function messageType(schema: unknown): Promise<MessageType> {
  if (schema === true) return { declarations: NOTHING }
  if (schema === false) return { declarations: 'export type Body = never\n' }
  const { compile } = await importOptional(
    'json-schema-to-typescript',
    'a type for a message schema',
    () => import('json-schema-to-typescript'),
  )
  try {
    const declarations = await compile(asBody(schema), 'Body', {
      additionalProperties: false,
      bannerComment: '',
      // References in the schema are not resolved, neither from files nor over the network.
      $refOptions: { resolve: { external: false } },
      style: { semi: false, singleQuote: true, printWidth: 110 },
      unknownAny: true,
    })
    return { declarations }
  } catch (error) {
    const reason = errorMessage(error)
    return { declarations: NOTHING, gap: reason.split('\n', 1)[0] ?? '' }
  }
}

/** A copy that the library may change, without keywords that would rename the type. */
function asBody(schema: unknown): JSONSchema {
  const { title: _title, $id: _id, id: _olderId, ...rest } = structuredClone(schema) as Record<string, unknown>
  return rest
}
