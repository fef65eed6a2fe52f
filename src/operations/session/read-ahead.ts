import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagementClient } from '../../broker/management/client.ts'
import { bulkReads, reads } from '../../broker/management/reads.ts'
import { guessVhosts } from './guess-scope.ts'

/** Shorter texts are parsed before an answer could arrive. */
const WORTH_IT = 256 * 1024
/** A file may name many vhosts, and each wrong guess costs the broker some work. */
const MOST_VHOSTS = 8
/** How long to wait until the requests are sent, in milliseconds. Parsing blocks the event loop afterwards. */
const PATIENCE = 500

/** Whether parsing these texts takes longer than a response of the broker. */
export function isWorthReadingAhead(texts: readonly string[]): boolean {
  return sizeOf(texts) >= WORTH_IT
}

/** In characters. */
export function sizeOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0)
}

/** The vhosts that files probably name, mapped by `--vhost`. */
export function targetVhosts(texts: readonly string[], vhosts: Readonly<Record<string, string>> = {}): string[] {
  return guessVhosts(texts).map((name) => (Object.hasOwn(vhosts, name) ? (vhosts[name] ?? name) : name))
}

/**
 * Requests the queues and bindings of large topologies before these are parsed, so that the broker collects them
 * meanwhile. Both take about the same time. A later read gets the pending response.
 *
 * @param texts the texts of the files
 * @param vhosts the renames of `--vhost`
 */
export async function readAhead(
  client: ManagementClient,
  texts: Iterable<string>,
  vhosts: Readonly<Record<string, string>> = {},
): Promise<void> {
  const all = [...texts]
  if (!isWorthReadingAhead(all)) return
  for (const vhost of targetVhosts(all, vhosts).slice(0, MOST_VHOSTS))
    for (const path of bulkReads(vhost)) client.readAhead(path)
  // When the broker has answered this request, it has received the earlier ones.
  await Promise.race([reads.whoami(client).catch(() => undefined), sleep(PATIENCE, undefined, { ref: false })])
}
