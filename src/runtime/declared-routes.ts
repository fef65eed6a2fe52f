import type { Routes, Subscription } from '../model/routes.ts'
import type { MessageCheck, SchemaCompiler } from './message-schema.ts'
import { PublicationRoute } from './publication-route.ts'
import { PublishError } from './publish-error.ts'
import { RouteError } from './route-error.ts'

/** The publications and subscriptions of one vhost, by their names, prepared when they are first used. */
export class DeclaredRoutes {
  readonly #routes: Routes
  readonly #compileSchema: SchemaCompiler | undefined
  readonly #storeAbove: number | undefined
  readonly #publications = new Map<string, PublicationRoute>()

  /** @param storeAbove from which size on a payload store takes bodies */
  constructor(routes: Routes, compileSchema: SchemaCompiler | undefined, storeAbove?: number) {
    this.#storeAbove = storeAbove
    this.#routes = routes
    this.#compileSchema = compileSchema
  }

  /** Throws a `PublishError` when there is none of this name, or its schema cannot be used. */
  publication(name: string): PublicationRoute {
    return this.#publications.get(name) ?? this.#prepare(name)
  }

  /** Throws a `RouteError` when there is none of this name, or its schema cannot be used. */
  subscription(name: string): { readonly subscription: Subscription; readonly check: MessageCheck | undefined } {
    const { subscriptions } = this.#routes
    const subscription = subscriptions.find((each) => each.name === name)
    if (!subscription)
      throw new RouteError(name, `the topology has no subscription "${name}"`, `it has: ${listed(subscriptions)}`)
    try {
      return { subscription, check: this.#compile(subscription.message?.schema) }
    } catch (error) {
      throw new RouteError(name, `the schema of subscription "${name}" cannot be used: ${text(error)}`, SCHEMA_HINT)
    }
  }

  #prepare(name: string): PublicationRoute {
    const { publications } = this.#routes
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
      const route = new PublicationRoute(publication, this.#compile(publication.message?.schema), this.#storeAbove)
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

const SCHEMA_HINT = 'it must be one JSON Schema that refers to no other file'

function listed(routes: readonly { readonly name: string }[]): string {
  return routes.map(({ name }) => `"${name}"`).join(', ') || 'none'
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
