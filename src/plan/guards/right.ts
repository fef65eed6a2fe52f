import type { Binding } from '../../model/topology.ts'

/** A right that the broker requires from a login (RabbitMQ docs, Access Control). */
export type Right = ResourceRight | TopicRight | TagRight | VhostRight

/** The right to a queue or an exchange. Patterns are matched against the name only. */
export interface ResourceRight {
  readonly kind: 'resource'
  readonly right: 'configure' | 'write' | 'read'
  readonly vhost: string
  readonly resource: 'exchange' | 'queue'
  /** `amq.default` means the default exchange. */
  readonly name: string
}

/** The right to bind a topic exchange with a key, which only topic permissions limit. */
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

/** The right to connect to a virtual host; a URI without a host needs it, because it connects the node to itself. */
export interface VhostRight {
  readonly kind: 'vhost'
  readonly vhost: string
  /** False if there is no such virtual host. */
  readonly exists?: boolean
}

/** A right, and the changes that need it. */
export interface RequiredRight {
  readonly right: Right
  /** Addresses of the changes. */
  readonly addresses: readonly string[]
}
