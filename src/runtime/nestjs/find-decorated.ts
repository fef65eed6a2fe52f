import { withCode } from '../../diagnostics/error-code.ts'
import { usesOf } from './decorators.ts'
import type { RouteUse } from './decorators.ts'

/** The part of Nest's wrapper of a provider that is read here. */
export interface NestProvider {
  readonly name: unknown
  readonly instance: unknown
  readonly metatype: unknown
  /** Whether there is a single instance, rather than one for each request. */
  isDependencyTreeStatic(): boolean
  readonly isTransient: boolean
}

/** The part of a module of Nest that is read here. */
export interface NestModule {
  readonly providers: ReadonlyMap<unknown, NestProvider>
  readonly controllers: ReadonlyMap<unknown, NestProvider>
}

/** A method of a provider or controller that handles the messages of a route. */
export type DecoratedMethod = RouteUse & { readonly handle: (...args: never[]) => unknown }

/**
 * Finds the methods with a decorator in all modules of an application.
 *
 * @throws {Error} `INVALID_OPTION` when such a method belongs to a class with an instance for each request
 */
export function findDecorated(modules: Iterable<NestModule>): DecoratedMethod[] {
  const found: DecoratedMethod[] = []
  const seen = new Set<unknown>()
  for (const { providers, controllers } of modules) {
    for (const provider of [...providers.values(), ...controllers.values()]) {
      const prototype = prototypeOf(provider)
      // `useExisting` and exports offer the same instance under several tokens.
      if (prototype === undefined || (provider.instance && seen.has(provider.instance))) continue
      seen.add(provider.instance)
      for (const [name, use] of decoratedMethods(prototype)) {
        if (!provider.isDependencyTreeStatic() || provider.isTransient) throw notStatic(provider, name)
        const instance = provider.instance as Record<string | symbol, (...args: never[]) => unknown>
        found.push({ ...use, handle: (...args) => instance[name]?.(...args) })
      }
    }
  }
  return found
}

function prototypeOf({ instance, metatype }: NestProvider): object | undefined {
  if (typeof instance === 'object' && instance !== null) return Object.getPrototypeOf(instance) as object
  // A factory is a metatype, too: an arrow function has no prototype.
  return typeof metatype === 'function' ? (metatype.prototype as object | undefined) : undefined
}

/** Includes inherited methods, each name once, with the marks of the method that is called. */
function* decoratedMethods(prototype: object): Generator<[name: string | symbol, use: RouteUse]> {
  const names = new Set<string | symbol>()
  for (let each: unknown = prototype; each && each !== Object.prototype; each = Object.getPrototypeOf(each)) {
    for (const name of Reflect.ownKeys(each)) {
      if (names.has(name)) continue
      names.add(name)
      // Reading a property could run a getter.
      const method: unknown = Object.getOwnPropertyDescriptor(each, name)?.value
      for (const use of usesOf(method)) yield [name, use]
    }
  }
}

function notStatic({ name }: NestProvider, method: string | symbol): Error {
  const what = `${String(name)}.${String(method)}() has a decorator of warren, but Nest creates an instance of its class for each request`
  return withCode(
    'INVALID_OPTION',
    new Error(`${what}\nhint: give the class and everything that it injects the default scope`),
  )
}
