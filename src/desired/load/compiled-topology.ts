import { parseJson } from './parse-json.ts'
import { errorMessage } from '../../diagnostics/thrown.ts'
import { finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError, WarrenError } from '../../diagnostics/warren-error.ts'
import { canonicalJson } from '../../model/address.ts'
import type { Desired } from '../../model/desired.ts'
import { containsCredentials } from '../../model/secrets/mask-credentials.ts'
import { containsSecret } from '../../model/secrets/mask-data.ts'
import { registerDesired } from '../../model/secrets/register-secrets.ts'
import { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { Routes } from '../../model/routes.ts'
import type { Binding, Declared, Exchange, Queue, VirtualHost } from '../../model/topology.ts'
import { isTable } from '../../model/values/table.ts'

/** The version of the file's format. A file of another version is refused. */
const FORMAT = 1

/**
 * A checked topology in the form that programs need: the objects and the routes, without users, secrets, and
 * positions in files. `schemas/compiled.schema.json` describes its JSON.
 */
export interface CompiledTopology {
  readonly format: 1
  readonly project: string
  readonly vhosts: readonly VirtualHost[]
  readonly exchanges: readonly Exchange[]
  readonly queues: readonly Queue[]
  readonly bindings: readonly Binding[]
  readonly routes: Routes
}

/**
 * Makes the compiled form of a topology.
 *
 * @throws {InvalidInputError} when it would contain a string from `${file:}` or a login
 */
export function compiledTopology(desired: Desired): CompiledTopology {
  const { project, topology, routes } = desired
  const { vhosts, exchanges, queues, bindings } = topology
  const { publications, subscriptions } = routes
  const objects = [vhosts, exchanges, queues, bindings, publications, subscriptions].flat()
  const secrets = new SecretRegistry()
  registerDesired(secrets, desired)
  const isSecret = (values: object) => containsCredentials(values) || containsSecret(values, secrets)
  const revealing = objects.filter((each) => isSecret(withoutPlanned(each)))
  if (revealing.length > 0) {
    const findings = revealing.map(({ origin }) => finding('secret-in-compiled', {}, origin))
    throw new InvalidInputError(findings, new Map())
  }
  return {
    format: FORMAT,
    project,
    vhosts: vhosts.map(withoutPlanned),
    exchanges: exchanges.map(withoutPlanned),
    queues: queues.map(withoutPlanned),
    bindings: bindings.map(withoutPlanned),
    routes: { publications: publications.map(withoutPlanned), subscriptions: subscriptions.map(withoutPlanned) },
  }
}

/** Properties that only a plan needs, because a program neither changes nor deletes anything. */
const ONLY_FOR_PLANS = new Set(['origin', 'protect', 'renamedFrom', 'role', 'references'])

function withoutPlanned<T extends Pick<Declared, 'origin'>>(object: T): Omit<T, 'origin'> {
  return Object.fromEntries(Object.entries(object).filter(([property]) => !ONLY_FOR_PLANS.has(property))) as T
}

/** Makes the text of the compiled file: the same topology always gives the same text. */
export function compile(desired: Desired): string {
  const compiled = Object.entries(compiledTopology(desired)).map(([key, value]) => [key, sorted(value)])
  return `${JSON.stringify(Object.fromEntries(compiled), null, 2)}\n`
}

function sorted(value: unknown): unknown {
  return JSON.parse(canonicalJson(value))
}

/**
 * Reads the text of a compiled file.
 *
 * @throws {WarrenError} `INVALID_COMPILED_TOPOLOGY` when it is not such a file, or has another format version
 */
export function parseCompiled(text: string): CompiledTopology {
  const compiled = parseText(text)
  if (!isTable(compiled) || !('format' in compiled)) throw notCompiled('it has no format version')
  if (compiled['format'] !== FORMAT) {
    throw new WarrenError(
      `this version of warren reads compiled topologies of format ${FORMAT}, but this topology is of format ${JSON.stringify(compiled['format'])}`,
      {
        code: 'INVALID_COMPILED_TOPOLOGY',
        hint: 'compile the topology with the version of warren that reads it',
      },
    )
  }
  const lists = [compiled['vhosts'], compiled['exchanges'], compiled['queues'], compiled['bindings']]
  const routes = compiled['routes']
  const complete = isTable(routes) && [...lists, routes['publications'], routes['subscriptions']].every(isListOfTables)
  if (!complete || typeof compiled['project'] !== 'string') throw notCompiled('parts of it are missing')
  return compiled as unknown as CompiledTopology
}

function parseText(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    throw notCompiled(errorMessage(error))
  }
}

function notCompiled(reason: string): WarrenError {
  return new WarrenError(`this is not a compiled topology: ${reason}`, {
    code: 'INVALID_COMPILED_TOPOLOGY',
    hint: 'make one with: warren compile --out topology.json',
  })
}

function isListOfTables(value: unknown): boolean {
  return Array.isArray(value) && value.every(isTable)
}
