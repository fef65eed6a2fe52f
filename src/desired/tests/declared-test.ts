import type { Location } from '../../diagnostics/location.ts'
import type { Arguments } from '../../model/arguments.ts'

/** A test of a topology, as its file declares it. */
export interface DeclaredTest {
  /** The sentence that describes the expectation. */
  readonly name: string
  readonly location: Location
  /** Such as `4.3` or `4.3.6`. */
  readonly brokerVersion?: string
  readonly subject: TestSubject
  readonly expectation: Expectation
}

/** A name in a test file, with its place. */
export interface Named {
  readonly name: string
  readonly location: Location
}

/** The action on a message, or the user whose rights are tested. */
export type TestSubject =
  | {
      readonly kind: 'publish'
      readonly to: PublishTarget
      readonly headers?: Arguments
      readonly mandatory?: boolean
      readonly body?: unknown
      readonly vhost?: Named
    }
  | { readonly kind: 'fail'; readonly subscription: Named; readonly vhost?: Named }
  | { readonly kind: 'expire'; readonly queue: Named; readonly routingKey?: string; readonly vhost?: Named }
  | { readonly kind: 'user'; readonly user: Named; readonly vhost?: Named }

export type PublishTarget =
  | { readonly publication: Named; readonly parameters: Readonly<Record<string, string>> }
  | { readonly exchange: Named; readonly routingKey: string }

/** The expected result. */
export type Expectation =
  | { readonly kind: 'reaches'; readonly queues: readonly Named[] }
  | { readonly kind: 'one-of'; readonly queues: readonly Named[] }
  | { readonly kind: 'returned' }
  | { readonly kind: 'lost'; readonly passes?: readonly number[] }
  /** `passes` are the delays of the retries, in milliseconds. */
  | { readonly kind: 'ends-in'; readonly queues: readonly Named[]; readonly passes?: readonly number[] }
  | { readonly kind: 'passes'; readonly passes: readonly number[] }
  | { readonly kind: 'rights'; readonly can: RightsOfTest; readonly cannot: RightsOfTest }

export interface RightsOfTest {
  readonly publish: readonly Named[]
  readonly consume: readonly Named[]
}
