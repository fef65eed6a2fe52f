import type { ManagementClient } from '../../../../src/broker/management/client.ts'

/** An error in place of the death of the process. */
export class CutShort extends Error {}

const WRITES: ReadonlySet<string | symbol> = new Set(['put', 'post', 'delete'])

/**
 * A client with which a run dies right before or right after the first write at which no run has died yet. No later
 * request of the run reaches the broker.
 *
 * @param deaths the writes at which runs have died; this run adds its own
 */
export function cutShort(client: ManagementClient, deaths: Set<string>): ManagementClient {
  let dead = false
  const dieAt = (place: string): void => {
    if (deaths.has(place)) return
    deaths.add(place)
    dead = true
    throw new CutShort(place)
  }
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return async (...args: unknown[]) => {
        if (dead) throw new CutShort()
        const call = value as (...args: unknown[]) => Promise<unknown>
        if (!WRITES.has(name)) return call.apply(target, args)
        const write = `${String(name)} ${String(args[0])} ${stepIn(args[1])}`
        dieAt(`before ${write}`)
        const answer: unknown = await call.apply(target, args)
        // When the journal is deleted, everything is done, and the next plan finds no move.
        const isLast = name === 'delete' && String(args[0]).includes('/global-parameters/')
        if (!isLast) dieAt(`after ${write}`)
        return answer
      }
    },
  })
}

/** The writes of a journal differ only in this. */
function stepIn(body: unknown): string {
  const value = (body as { value?: { moves?: readonly { step: string; overlapFrom?: number }[] } } | undefined)?.value
  return (value?.moves ?? []).map(({ step, overlapFrom }) => `${step}${overlapFrom === undefined ? '' : '+'}`).join()
}
