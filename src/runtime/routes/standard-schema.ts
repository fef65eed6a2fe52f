import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Decoded } from '../payloads/body.ts'
import type { RouteName, RouteTypes } from './route-types.ts'

/**
 * Validators by the name of the publication or subscription: of zod, valibot, arktype or another library with
 * Standard Schema.
 */
export type RouteSchemas = Readonly<Record<string, StandardSchemaV1>>

/**
 * The routes that validators describe, for `connect<RoutesOfSchemas<typeof schemas>>({ schemas })`. A publication
 * accepts the input of its validator. The handler of a subscription receives the output of its validator.
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

/** Validators for the routes of these types. */
export type SchemasOf<Types extends RouteTypes> =
  string extends RouteName<Types> ? RouteSchemas : { readonly [Name in RouteName<Types>]?: StandardSchemaV1 }

/** The maximum number of listed violations. The others are only counted. */
const MOST = 3
/** The maximum length of a listed violation, in characters. */
const LONGEST = 200

/** Checks a body with a validator, and returns the output of the validator. */
export function parseBody(schema: StandardSchemaV1, body: unknown): Decoded {
  const result = schema['~standard'].validate(body)
  if (result instanceof Promise) {
    result.catch(() => undefined)
    return {
      wrong: 'its validator returns a promise, but messages are checked synchronously: use a synchronous validator',
    }
  }
  return result.issues ? { wrong: describeIssues(result.issues) } : { body: result.value }
}

/** Whether a validator returns promises, as far as this is visible without a message. */
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
