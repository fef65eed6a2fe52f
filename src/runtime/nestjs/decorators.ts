import { withCode } from '../../diagnostics/error-code.ts'
import type { BatchOptions } from '../consume/batch-options.ts'
import type { BatchHandler } from '../consume/batches.ts'
import type { ConsumeOptions } from '../consume/consume-options.ts'
import type { Handler } from '../consume/handler-delivery.ts'
import type { RequestHandler } from '../requests/request-handler.ts'
import type {
  ConsumeArguments,
  ReplyBody,
  RequestBody,
  RequestName,
  RequiredOptionsOf,
  RouteTypes,
  SubscriptionName,
  UntypedName,
} from '../routes/route-types.ts'

/** How a decorated method is used: the function of the runtime that calls it, and the subscription or request. */
export type RouteUse =
  | { readonly by: 'consume' | 'respond'; readonly route: string; readonly options: ConsumeOptions }
  | { readonly by: 'consumeBatch'; readonly route: string; readonly options: BatchOptions }

/** A decorator of a method, for `experimentalDecorators`, which Nest uses, and for the decorators of the language. */
export interface MethodDecoratorFor<Method> {
  <Given extends Method>(target: object, name: string | symbol, method: TypedPropertyDescriptor<Given>): void
  <Given extends Method>(method: Given, context: ClassMethodDecoratorContext): void
}

/** The decorators for the routes of a topology. */
export interface RouteDecorators<Types extends RouteTypes> {
  /** Makes a method the handler of a declared subscription: warren calls it like a handler of `consume`. */
  Subscribe<Name extends SubscriptionName<Types>>(
    subscription: Name,
    ...options: ConsumeArguments<Types['subscriptions'][Name]>
  ): MethodDecoratorFor<Handler<SubscribedBody<Types, Name>>>
  /**
   * Makes a method the handler of batches of a declared subscription: warren calls it like a handler of
   * `consumeBatch`.
   */
  SubscribeBatch<Name extends SubscriptionName<Types>>(
    subscription: Name,
    options: BatchOptions & RequiredOptionsOf<Types['subscriptions'][Name]>,
  ): MethodDecoratorFor<BatchHandler<SubscribedBody<Types, Name>>>
  /** Makes a method the handler of a declared request: warren calls it like a handler of `respond`. */
  Respond<Name extends RequestName<Types>>(
    request: Name,
    options?: ConsumeOptions,
  ): MethodDecoratorFor<RequestHandler<RequestBody<Types, Name>, ReplyBody<Types, Name>>>
}

/** The type of the messages of a subscription. Without one, the method asserts its own, as with `consume`. */
export type SubscribedBody<Types extends RouteTypes, Name extends SubscriptionName<Types>> =
  Name extends UntypedName<Types>
    ? // oxlint-disable-next-line typescript/no-explicit-any -- every type of a parameter has to be accepted
      any
    : Types['subscriptions'][Name]['body']

// The same symbol in each copy of this module: a test runner may load it as a CommonJS module and as an ES module.
const USES = Symbol.for('warren.routeUses')

/** Reads the marks that the decorators have left on a method. */
export function usesOf(method: unknown): readonly RouteUse[] {
  if (typeof method !== 'function' || !Object.hasOwn(method, USES)) return []
  return (method as unknown as Record<symbol, readonly RouteUse[]>)[USES] ?? []
}

function mark(use: RouteUse): MethodDecoratorFor<unknown> {
  return (targetOrMethod: unknown, _nameOrContext: unknown, descriptor?: { readonly value?: unknown }): void => {
    const method = descriptor ? descriptor.value : targetOrMethod
    if (typeof method !== 'function') throw notMethod(use)
    Object.defineProperty(method, USES, { value: [...usesOf(method), use], configurable: true })
  }
}

function notMethod({ by, route }: RouteUse): Error {
  const kind = by === 'respond' ? 'request' : 'subscription'
  const what = `the decorator of the ${kind} "${route}" is on something that is not a method`
  return withCode('INVALID_OPTION', new TypeError(what))
}

/** Makes a method the handler of a subscription, without types for its body: see `decoratorsFor`. */
export const Subscribe: RouteDecorators<RouteTypes>['Subscribe'] = (route, options = {}) =>
  mark({ by: 'consume', route, options })

/** Makes a method the handler of batches of a subscription, without types for their bodies: see `decoratorsFor`. */
export const SubscribeBatch: RouteDecorators<RouteTypes>['SubscribeBatch'] = (route, options) =>
  mark({ by: 'consumeBatch', route, options })

/** Makes a method the handler of a request, without types for its body and reply: see `decoratorsFor`. */
export const Respond: RouteDecorators<RouteTypes>['Respond'] = (route, options = {}) =>
  mark({ by: 'respond', route, options })

/**
 * Types the decorators by the routes that `warren types` has generated: the compiler then refuses an unknown subscription or
 * request, and a method for another body or with another reply.
 *
 * @example
 *   export const { Subscribe, SubscribeBatch, Respond } = decoratorsFor<Routes>()
 */
export function decoratorsFor<Types extends RouteTypes>(): RouteDecorators<Types> {
  return { Subscribe, SubscribeBatch, Respond }
}
