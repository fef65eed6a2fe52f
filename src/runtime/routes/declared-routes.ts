import { formatLocation } from '../../diagnostics/location.ts'
import { errorMessage } from '../../diagnostics/thrown.ts'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { isRequest, type Request, type Routes, type Subscription } from '../../model/routes.ts'
import type { MessageCheck, SchemaCompiler } from './message-schema.ts'
import { PublicationRoute } from '../publish/publication-route.ts'
import { PublishError } from '../publish/publish-error.ts'
import { RouteError } from './route-error.ts'
import { isAsynchronous, parseBody } from './standard-schema.ts'
import type { RouteSchemas } from './standard-schema.ts'

/** The publications and subscriptions of one vhost by name, prepared at their first use. */
export class DeclaredRoutes {
  readonly #routes: Routes
  readonly #compileSchema: SchemaCompiler | undefined
  readonly #schemas: ReadonlyMap<string, StandardSchemaV1>
  readonly #storeAbove: number | undefined
  readonly #publications = new Map<string, PublicationRoute>()
  readonly #requests = new Map<string, DeclaredRequest>()

  constructor(routes: Routes, compileSchema: SchemaCompiler | undefined, { schemas, storeAbove }: RouteSettings = {}) {
    this.#schemas = new Map(Object.entries(schemas ?? {}))
    this.#storeAbove = storeAbove
    this.#routes = routes
    this.#compileSchema = compileSchema
  }

  /** Throws a `PublishError` for an unknown name, or a schema that cannot be used. */
  publication(name: string): PublicationRoute {
    return this.#publications.get(name) ?? this.#prepare(name)
  }

  /** Throws a `RouteError` for an unknown name, or a schema that cannot be used. */
  subscription(name: string): DeclaredSubscription {
    const { subscriptions } = this.#routes
    const subscription = subscriptions.find((each) => each.name === name)
    if (!subscription)
      throw new RouteError(
        'UNKNOWN_NAME',
        name,
        `the topology has no subscription "${name}"`,
        `it has: ${listed(subscriptions)}`,
      )
    try {
      const check = this.#compile(subscription.message?.schema)
      const older = Object.entries(subscription.message?.schemas ?? {}).flatMap(([version, schema]) => {
        const checkOlder = this.#compile(schema)
        return checkOlder ? [[version, checkOlder] as const] : []
      })
      return { subscription, check, schema: this.#schemas.get(name), olderChecks: new Map(older) }
    } catch (error) {
      throw new RouteError(
        'INVALID_SCHEMA',
        name,
        `the schema of subscription "${name}" cannot be used: ${text(error)}`,
        SCHEMA_HINT,
      )
    }
  }

  /** Throws a `RouteError` for an unknown name, or a schema that cannot be used. */
  request(name: string): DeclaredRequest {
    const known = this.#requests.get(name)
    if (known) return known
    const requests = this.#routes.publications.filter(isRequest)
    const request = requests.find((each) => each.name === name)
    if (!request) {
      const what = `the topology has no request "${name}"`
      throw new RouteError('UNKNOWN_NAME', name, what, `it has: ${listed(requests)}`)
    }
    try {
      const check = both(this.#compile(request.message?.schema), checkOf(this.#schemas.get(name)))
      const route = new PublicationRoute(request, check, undefined, `request "${name}"`)
      const declared = { request, route, checkReply: this.#compile(request.reply.message?.schema) }
      this.#requests.set(name, declared)
      return declared
    } catch (error) {
      const what = `a schema of request "${name}" cannot be used: ${text(error)}`
      throw new RouteError('INVALID_SCHEMA', name, what, SCHEMA_HINT)
    }
  }

  /**
   * The subscription that the responder of a request consumes, which checks bodies by the rule of the request if it has
   * none. Throws a `RouteError` if there is none.
   */
  responder({ request }: DeclaredRequest): DeclaredSubscription {
    const { name, reply, message, origin } = request
    if (reply.subscription === undefined) {
      const where = origin === undefined ? '' : ` (${formatLocation(origin)})`
      const what = `the request "${name}"${where} names no subscription, so no program of this project can answer it`
      throw new RouteError('NOT_SUPPORTED', name, what, 'write subscription: in the request')
    }
    const declared = this.subscription(reply.subscription)
    if (declared.subscription.message || !message) return declared
    return { ...declared, subscription: { ...declared.subscription, message }, check: this.#compile(message.schema) }
  }

  #prepare(name: string): PublicationRoute {
    const publications = this.#routes.publications.filter((each) => !isRequest(each))
    const publication = publications.find((each) => each.name === name)
    if (!publication) {
      const hint = `it has: ${listed(publications)}`
      throw new PublishError(`the topology has no publication "${name}"`, {
        outcome: 'invalid',
        publication: name,
        hint,
      })
    }
    try {
      const check = both(this.#compile(publication.message?.schema), checkOf(this.#schemas.get(name)))
      const route = new PublicationRoute(publication, check, this.#storeAbove)
      this.#publications.set(name, route)
      return route
    } catch (error) {
      const what = `the schema of publication "${name}" cannot be used: ${text(error)}`
      throw new PublishError(what, { outcome: 'invalid', publication: name, hint: SCHEMA_HINT })
    }
  }

  #compile(schema: unknown): MessageCheck | undefined {
    return schema === undefined ? undefined : this.#compileSchema?.(schema)
  }
}

/** The program's settings of its routes, in addition to the topology. */
export interface RouteSettings {
  /** Validators, in addition to the schemas of the topology. */
  readonly schemas?: RouteSchemas | undefined
  /** The size from which a payload store receives bodies, in bytes. */
  readonly storeAbove?: number | undefined
}

/** A subscription with the checks of its messages. */
export interface DeclaredSubscription {
  readonly subscription: Subscription
  /** From the schema that the topology names. */
  readonly check: MessageCheck | undefined
  /** From the program. */
  readonly schema: StandardSchemaV1 | undefined
  /** The checks of accepted older versions, by version, from the schemas that the topology names. */
  readonly olderChecks: ReadonlyMap<string, MessageCheck>
}

/** A request with the checks of its messages. */
export interface DeclaredRequest {
  readonly request: Request
  /** Builds the messages of the sender. */
  readonly route: PublicationRoute
  /** From the schema of the reply. */
  readonly checkReply: MessageCheck | undefined
}

/** Throws a `RouteError` for a name that is neither a publication nor a subscription. */
export function checkNames(routes: Routes, names: readonly string[]): void {
  const known = new Set([...routes.publications, ...routes.subscriptions].map(({ name }) => name))
  const unknown = names.find((name) => !known.has(name))
  if (unknown === undefined) return
  const what = `the topology has no publication or subscription "${unknown}"`
  throw new RouteError('UNKNOWN_NAME', unknown, what, `it has: ${[...known].join(', ')}`)
}

/** Throws a `RouteError` for validators that belong to no route, or are not synchronous. */
export function checkSchemas(routes: Routes, schemas: RouteSchemas): void {
  checkNames(routes, Object.keys(schemas))
  for (const [name, schema] of Object.entries(schemas)) {
    const given: Partial<typeof schema> | undefined = schema
    if (typeof given?.['~standard']?.validate !== 'function') {
      throw new RouteError(
        'INVALID_SCHEMA',
        name,
        `the validator of "${name}" is not a Standard Schema`,
        'give one such as z.object({ … })',
      )
    }
    if (!isAsynchronous(schema)) continue
    throw new RouteError(
      'INVALID_SCHEMA',
      name,
      `the validator of "${name}" returns a promise`,
      'messages are checked synchronously: use a validator that is not asynchronous',
    )
  }
}

function checkOf(schema: StandardSchemaV1 | undefined): MessageCheck | undefined {
  return (
    schema &&
    ((body) => {
      const parsed = parseBody(schema, body)
      return 'wrong' in parsed ? parsed.wrong : undefined
    })
  )
}

function both(first: MessageCheck | undefined, second: MessageCheck | undefined): MessageCheck | undefined {
  return first && second ? (body, bytes) => first(body, bytes) ?? second(body, bytes) : (first ?? second)
}

const SCHEMA_HINT = 'it must be one JSON Schema that refers to no other file'

function listed(routes: readonly { readonly name: string }[]): string {
  return routes.map(({ name }) => `"${name}"`).join(', ') || 'none'
}

function text(error: unknown): string {
  return errorMessage(error)
}
