import { withCode } from '../../diagnostics/error-code.ts'
import type { BatchOptions } from '../consume/batch-options.ts'
import type { BatchHandler } from '../consume/batches.ts'
import type { ConsumeOptions } from '../consume/consume-options.ts'
import type { Handler } from '../consume/handler-delivery.ts'
import type { ConsumeArguments, RouteTypes, SubscriptionName, UntypedName, UpcastersOf } from '../routes/route-types.ts'

/** A method that a decorator has marked as the handler of a subscription. */
export interface SubscribedMethod {
  readonly subscription: string
  readonly options: ConsumeOptions
  /** Of a handler of batches. */
  readonly batch: BatchOptions | undefined
}

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
    options: BatchOptions & UpcastersOf<Types['subscriptions'][Name]>,
  ): MethodDecoratorFor<BatchHandler<SubscribedBody<Types, Name>>>
}

/** The type of the messages of a subscription. Without one, the method asserts its own, as with `consume`. */
export type SubscribedBody<Types extends RouteTypes, Name extends SubscriptionName<Types>> =
  Name extends UntypedName<Types>
    ? // oxlint-disable-next-line typescript/no-explicit-any -- every type of a parameter has to be accepted
      any
    : Types['subscriptions'][Name]['body']

// The same symbol in each copy of this module: a test runner may load it as a CommonJS module and as an ES module.
const SUBSCRIBED = Symbol.for('warren.subscribed')

/** Reads the marks that the decorators have left on a method. */
export function subscribedBy(method: unknown): readonly SubscribedMethod[] {
  if (typeof method !== 'function' || !Object.hasOwn(method, SUBSCRIBED)) return []
  return (method as unknown as Record<symbol, readonly SubscribedMethod[]>)[SUBSCRIBED] ?? []
}

function mark(subscribed: SubscribedMethod): MethodDecoratorFor<unknown> {
  return (targetOrMethod: unknown, _nameOrContext: unknown, descriptor?: { readonly value?: unknown }): void => {
    const method = descriptor ? descriptor.value : targetOrMethod
    if (typeof method !== 'function') throw notMethod(subscribed)
    Object.defineProperty(method, SUBSCRIBED, { value: [...subscribedBy(method), subscribed], configurable: true })
  }
}

function notMethod({ subscription }: SubscribedMethod): Error {
  const what = `the decorator of the subscription "${subscription}" is on something that is not a method`
  return withCode('INVALID_OPTION', new TypeError(what))
}

/** Makes a method the handler of a subscription, without types for its body: see `decoratorsFor`. */
export const Subscribe: RouteDecorators<RouteTypes>['Subscribe'] = (subscription, options = {}) =>
  mark({ subscription, options, batch: undefined })

/** Makes a method the handler of batches of a subscription, without types for their bodies: see `decoratorsFor`. */
export const SubscribeBatch: RouteDecorators<RouteTypes>['SubscribeBatch'] = (subscription, options) =>
  mark({ subscription, options: {}, batch: options })

/**
 * Types the decorators by the routes that `warren types` has generated: the compiler then refuses an unknown subscription, and
 * a method for another body.
 *
 * @example
 *   export const { Subscribe, SubscribeBatch } = decoratorsFor<Routes>()
 */
export function decoratorsFor<Types extends RouteTypes>(): RouteDecorators<Types> {
  return { Subscribe, SubscribeBatch }
}
