import type { Queue } from '../../../model/topology.ts'

/** Describes a queue with its purpose, as in `the dead-letter queue "email.dead" of queue "email"`. */
export function describeDerived({ name, role }: Pick<Queue, 'name' | 'role'>): string {
  switch (role?.kind) {
    case 'dead-letter':
      return `the dead-letter queue "${name}" of queue "${role.of}"`
    case 'delay':
      return `the delay queue "${name}" of queue "${role.of}"`
    case 'publication-delay':
      return `the queue "${name}" for delayed messages of exchange "${role.of}"`
    case 'partition':
      return `the partition "${name}" of super stream "${role.of}"`
    case 'coordination':
      return `the queue "${name}", by which workers share the partitions of super stream "${role.of}"`
    case undefined:
      return `the queue "${name}"`
  }
}
