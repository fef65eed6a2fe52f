import type { Consumer } from '../../broker/snapshot/snapshot.ts'

/** Consumers with the same user, name, product and host, as one program. */
export interface ConsumingProgram {
  readonly user?: string
  readonly name?: string
  readonly product?: string
  /** Without the port, which differs with every connection. */
  readonly host?: string
  readonly consumers: number
  /** Sorted. */
  readonly queues: readonly string[]
}

/** Groups the consumers of each program, those with the most consumers first. */
export function consumingPrograms(consumers: readonly Consumer[]): ConsumingProgram[] {
  const programs = new Map<string, { readonly of: Consumer; readonly queues: Set<string>; consumers: number }>()
  for (const each of consumers) {
    const key = JSON.stringify([each.user, each.name, each.product, hostOf(each)])
    const known = programs.get(key) ?? { of: each, queues: new Set<string>(), consumers: 0 }
    programs.set(key, known)
    known.queues.add(each.queue)
    known.consumers += 1
  }
  return Array.from(programs, ([key, program]) => ({ key, program }))
    .toSorted((a, b) => b.program.consumers - a.program.consumers || (a.key < b.key ? -1 : 1))
    .map(({ program: { of, queues, consumers: count } }) => {
      const { user, name, product } = of
      const host = hostOf(of)
      return {
        ...(user !== undefined && { user }),
        ...(name !== undefined && { name }),
        ...(product !== undefined && { product }),
        ...(host !== undefined && { host }),
        consumers: count,
        queues: [...queues].toSorted(),
      }
    })
}

function hostOf({ address }: Consumer): string | undefined {
  return address?.replace(/:\d+$/, '')
}

/** Counts the consumers of each queue. */
export function countByQueue(consumers: readonly { readonly queue: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { queue } of consumers) counts.set(queue, (counts.get(queue) ?? 0) + 1)
  return counts
}
