import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagementClient } from '../management/client.ts'
import { apiPath } from '../management/path.ts'
import { bulkReads } from '../management/reads.ts'
import { mayHoldReferences } from '../source/references.ts'

/** Texts of fewer characters are parsed before an answer could have come. */
const WORTH_IT = 256 * 1024
/** A file may name many vhosts; each costs the broker something if the guess is wrong. */
const MOST_VHOSTS = 8
/** How long to wait until the requests are on their way, in milliseconds: parsing lets nothing else happen. */
const PATIENCE = 500

/** The header of a document, where it is a plain text: a vhost that is written in another way is read later. */
const VHOST = /^vhost:[ \t]+(?:"([^"\\]+)"|'([^']+)'|([^\s#&*!|>{['"%@`][^#\n]*?))[ \t]*(?:#.*)?$/gm

const ANY_VHOST = /^vhost:/m

/**
 * Asks the broker for the queues and bindings of large topologies before these are parsed, so that it gathers them
 * meanwhile: each takes about as long as the other. Whoever reads them later gets the answer that is under way.
 *
 * @param texts of the files
 * @param vhosts what `--vhost` replaces
 */
export async function readAhead(
  client: ManagementClient,
  texts: Iterable<string>,
  vhosts: Readonly<Record<string, string>> = {},
): Promise<void> {
  const all = [...texts]
  if (all.reduce((sum, text) => sum + text.length, 0) < WORTH_IT) return
  const guessed = guessVhosts(all).map((name) => (Object.hasOwn(vhosts, name) ? (vhosts[name] ?? name) : name))
  for (const vhost of guessed.slice(0, MOST_VHOSTS)) for (const path of bulkReads(vhost)) client.readAhead(path)
  // When the broker has answered this, it has the requests before it.
  await Promise.race([client.get(apiPath('whoami')).catch(() => undefined), sleep(PATIENCE, undefined, { ref: false })])
}

/** The vhosts that files seem to be about; some may be missing, or be none. */
export function guessVhosts(texts: readonly string[]): string[] {
  const named = texts.flatMap((text) =>
    [...text.matchAll(VHOST)].map(([, double, single, plain]) => double ?? single ?? plain ?? ''),
  )
  if (named.length === 0) return texts.some((text) => ANY_VHOST.test(text)) ? [] : ['/']
  return [...new Set(named)].filter((name) => !mayHoldReferences(name))
}
