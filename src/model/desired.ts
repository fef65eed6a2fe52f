import type { DeadLetterRoute } from './routing/dead-letter-route.ts'
import type { Descriptions } from './descriptions.ts'
import type { Routes } from './routes.ts'
import type { Secret } from './secrets/secret.ts'
import type { Topology } from './topology.ts'

/** The desired state of a run's files: the topology of a broker, and the routes of programs. */
export interface Desired {
  readonly project: string
  readonly topology: Topology
  readonly routes: Routes
  /** The dead-letter queues, and the routes by which messages return from them. */
  readonly deadLetters: readonly DeadLetterRoute[]
  /** Objects that the project takes over if another one still owns them; absent if the files request none. */
  readonly handOver?: HandOver
  /** Descriptions and labels of the declarations; absent if there are none. */
  readonly descriptions?: Descriptions
  /** Texts from `${file:}`, which are never shown. */
  readonly secrets: readonly Secret[]
}

/** The projects whose objects this project takes over. */
export interface HandOver {
  /** Projects from which it takes over declared objects. */
  readonly takesOver: readonly string[]
  /** The former name of the project: all of its records become this project's. */
  readonly renamedFrom?: string
}
