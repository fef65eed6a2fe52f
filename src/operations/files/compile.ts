import type { Finding } from '../../diagnostics/findings/finding.ts'
import { suggest } from '../../diagnostics/text/suggest.ts'
import { InvalidInputError, WarrenError } from '../../diagnostics/warren-error.ts'
import { compile as toText } from '../../desired/load/compiled-topology.ts'
import type { Desired } from '../../model/desired.ts'
import { topologyOf, objectsOf } from '../../model/topology.ts'
import { loadFiles } from './load-files.ts'
import type { TopologyOptions } from '../session/options.ts'
import { withSecrets } from '../session/with-secrets.ts'

/** The checked topology as one JSON text, and the warnings about its files. */
export interface Compiled {
  /** JSON, for `connect({ topology })` of the runtime. */
  readonly text: string
  /** Warnings about the files. */
  readonly findings: readonly Finding[]
  /** The texts of the files by their shown path, for code frames. */
  readonly sources: ReadonlyMap<string, string>
}

export interface CompileOptions extends TopologyOptions {
  /** The virtual hosts to compile, by their names on the broker. Default: all. */
  readonly onlyVhosts?: readonly string[]
}

/**
 * Compiles topology files into one file, which the runtime loads without YAML and schema libraries. It contains no
 * users and no secrets.
 *
 * @throws {InvalidInputError} when the files are invalid
 * @throws {WarrenError} `UNKNOWN_NAME` when the files declare no such virtual host
 */
export async function compile(options: CompileOptions): Promise<Compiled> {
  return withSecrets(options, compileFiles)
}

async function compileFiles({ onlyVhosts = [], ...options }: CompileOptions): Promise<Compiled> {
  const { desired, findings, sources } = await loadFiles({ ...options, users: 'ignore' })
  if (desired === undefined) throw new InvalidInputError(findings, sources)
  return { text: toText(onlyVhosts.length === 0 ? desired : withOnly(onlyVhosts, desired)), findings, sources }
}

/** The part of a topology in some of its virtual hosts, so that the file of one tenant does not name the others. */
function withOnly(names: readonly string[], desired: Desired): Desired {
  const known = desired.topology.vhosts.map(({ name }) => name)
  for (const name of names) {
    if (known.includes(name)) continue
    const meant = suggest(name, known)
    throw new WarrenError(`the files declare no virtual host ${JSON.stringify(name)}`, {
      code: 'UNKNOWN_NAME',
      hint:
        meant === undefined
          ? `they declare ${known.map((each) => JSON.stringify(each)).join(', ')}`
          : `did you mean ${JSON.stringify(meant)}?`,
    })
  }
  const chosen = new Set(names)
  const isChosen = (each: object): boolean => !('vhost' in each) || chosen.has(String(each.vhost))
  const { publications, subscriptions } = desired.routes
  return {
    ...desired,
    topology: {
      ...topologyOf((kind) => objectsOf(kind, desired.topology).filter(isChosen)),
      vhosts: desired.topology.vhosts.filter(({ name }) => chosen.has(name)),
    },
    routes: { publications: publications.filter(isChosen), subscriptions: subscriptions.filter(isChosen) },
  }
}
