import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Decoded } from '../payloads/body.ts'
import type { RouteName, RouteTypes } from './route-types.ts'

/** Validators by the name of the publication or subscription: of zod, valibot, arktype or anything with Standard Schema. */
export type RouteSchemas = Readonly<Record<string, StandardSchemaV1>>

/**
 * The routes as validators describe them, for `connect<RoutesOfSchemas<typeof schemas>>({ schemas })`. A publication takes
 * what its validator takes; the handler of a subscription gets what its validator makes of it.
 */
export interface RoutesOfSchemas<Schemas extends RouteSchemas> {
  readonly publications: {
    readonly [Name in keyof Schemas & string]: {
      readonly body: StandardSchemaV1.InferInput<Schemas[Name]>
      readonly parameters: string
    }
  }
  readonly subscriptions: {
    readonly [Name in keyof Schemas & string]: { readonly body: StandardSchemaV1.InferOutput<Schemas[Name]> }
  }
}

/** Such validators for the routes that the compiler knows. */
export type SchemasOf<Types extends RouteTypes> =
  string extends RouteName<Types> ? RouteSchemas : { readonly [Name in RouteName<Types>]?: StandardSchemaV1 }

/** How many violations are told; the others only counted. */
const MOST = 3
/** How much of a violation is told, in characters. */
const LONGEST = 200

/** Checks a body by a validator, and gives what the validator makes of it. */
export function parseBody(schema: StandardSchemaV1, body: unknown): Decoded {
  const result = schema['~standard'].validate(body)
  if (result instanceof Promise) {
    result.catch(() => undefined)
    return { wrong: 'its validator answers with a promise, and a message is checked at once: use a synchronous one' }
  }
  return result.issues ? { wrong: describeIssues(result.issues) } : { body: result.value }
}

/** Whether a validator answers with promises, as far as can be told without a message. */
export function isAsynchronous(schema: StandardSchemaV1): boolean {
  const result = schema['~standard'].validate(undefined)
  if (!(result instanceof Promise)) return false
  result.catch(() => undefined)
  return true
}

function describeIssues(issues: readonly StandardSchemaV1.Issue[]): string {
  const texts = issues.slice(0, MOST).map(({ message, path = [] }) => {
    const where = path.map((part) => `/${String(typeof part === 'object' ? part.key : part)}`).join('')
    const text = where === '' ? message : `${where} ${message}`
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  })
  return texts.join('; ') + (issues.length > MOST ? `; and ${issues.length - MOST} more` : '')
}
