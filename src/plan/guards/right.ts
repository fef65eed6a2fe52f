import type { Binding } from '../../model/topology.ts'

/** Something that the broker asks of a login (RabbitMQ docs, Access Control). */
export type Right = ResourceRight | TopicRight | TagRight | VhostRight

/** The right to a queue or an exchange. Patterns are matched against the name alone. */
export interface ResourceRight {
  readonly kind: 'resource'
  readonly right: 'configure' | 'write' | 'read'
  readonly vhost: string
  readonly resource: 'exchange' | 'queue'
  /** `amq.default` is the default exchange. */
  readonly name: string
}

/** The right to bind a topic exchange with a key, which only a topic permission limits. */
export interface TopicRight {
  readonly kind: 'topic'
  readonly vhost: string
  readonly exchange: string
  readonly routingKey: string
  /** The destination of the binding. */
  readonly destination: Pick<Binding, 'destinationType' | 'destination'>
}

export interface TagRight {
  readonly kind: 'tag'
  readonly tag: 'administrator' | 'policymaker'
}

/** The right to connect to a virtual host, which a URI without a host needs: it leads from the node to itself. */
export interface VhostRight {
  readonly kind: 'vhost'
  readonly vhost: string
  /** False where there is no such virtual host. */
  readonly exists?: boolean
}

/** A right, and the changes that need it. */
export interface RequiredRight {
  readonly right: Right
  /** Addresses of the changes. */
  readonly addresses: readonly string[]
}
