// oxlint-disable-next-line typescript/triple-slash-reference -- for programs that compile only some files
/// <reference path="./nest-core.d.ts" />
import { ModulesContainer } from '@nestjs/core'
import type { ConnectOptions } from '../connect-options.ts'
import { connect } from '../connect.ts'
import type { Runtime } from '../runtime-types.ts'
import type { NestModule } from './find-decorated.ts'
import { WarrenHealthIndicator } from './health-indicator.ts'
import { WarrenLifecycle } from './lifecycle.ts'
import { WarrenPublisher } from './warren-publisher.ts'

/** The token of the runtime: inject it with `@Inject(WARREN_RUNTIME)` as a `Runtime<Routes>`. */
export const WARREN_RUNTIME = Symbol.for('warren.runtime')

/** Options of the module: those of `connect`, or a runtime, for example that of a test. */
export type WarrenModuleOptions = (ConnectOptions | { readonly runtime: Runtime }) & {
  /**
   * The time limit for handlers at shutdown, and then for closing the runtime, each in milliseconds. Default 10,000
   * for each.
   */
  shutdownDeadline?: number
}

/** Options that other providers supply. */
export interface WarrenAsyncOptions {
  /** Modules whose providers `inject` names. */
  readonly imports?: readonly unknown[]
  /** The arguments of `useFactory`. */
  readonly inject?: readonly unknown[]
  readonly useFactory: (...args: never[]) => WarrenModuleOptions | Promise<WarrenModuleOptions>
}

/** A module as Nest expects it in `imports`. */
export interface WarrenDynamicModule {
  module: typeof WarrenModule
  global: boolean
  // oxlint-disable-next-line typescript/no-explicit-any -- the types of Nest, which users may not have installed
  imports: any[]
  // oxlint-disable-next-line typescript/no-explicit-any
  providers: any[]
  // oxlint-disable-next-line typescript/no-explicit-any
  exports: any[]
}

const OPTIONS = Symbol('warren.options')
const DEFAULT_DEADLINE = 10_000

/**
 * Connects a Nest application to the routes of a topology. It starts the methods with `@Subscribe` when the application has
 * started, and at shutdown it stops consuming, lets handlers end, and closes the connections after the HTTP server. Call
 * `app.enableShutdownHooks()`, so that a signal shuts the application down.
 */
// oxlint-disable-next-line typescript/no-extraneous-class -- Nest identifies a module by its class
export class WarrenModule {
  /** Imports the module once, in the root module of the application: its providers are available in all modules. */
  static forRoot(options: WarrenModuleOptions): WarrenDynamicModule {
    return WarrenModule.forRootAsync({ useFactory: () => options })
  }

  /** Like `forRoot`, with options that other providers supply, for example a service for the configuration. */
  static forRootAsync({ imports = [], inject = [], useFactory }: WarrenAsyncOptions): WarrenDynamicModule {
    return {
      module: WarrenModule,
      global: true,
      imports: [...imports],
      providers: [
        { provide: OPTIONS, useFactory, inject: [...inject] },
        { provide: WARREN_RUNTIME, useFactory: runtimeOf, inject: [OPTIONS] },
        {
          provide: WarrenLifecycle,
          useFactory: (
            runtime: Runtime,
            modules: ReadonlyMap<unknown, NestModule>,
            { shutdownDeadline = DEFAULT_DEADLINE }: WarrenModuleOptions,
          ) => new WarrenLifecycle(runtime, modules, shutdownDeadline),
          inject: [WARREN_RUNTIME, ModulesContainer, OPTIONS],
        },
        {
          provide: WarrenPublisher,
          useFactory: (runtime: Runtime) => new WarrenPublisher(runtime),
          inject: [WARREN_RUNTIME],
        },
        {
          provide: WarrenHealthIndicator,
          useFactory: (runtime: Runtime) => new WarrenHealthIndicator(runtime),
          inject: [WARREN_RUNTIME],
        },
      ],
      exports: [WARREN_RUNTIME, WarrenPublisher, WarrenHealthIndicator],
    }
  }
}

async function runtimeOf(options: WarrenModuleOptions): Promise<Runtime> {
  if ('runtime' in options) return options.runtime
  const forConnect = { ...options }
  delete forConnect.shutdownDeadline
  return connect(forConnect)
}
