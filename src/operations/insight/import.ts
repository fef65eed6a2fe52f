import { snapshotOfDefinitions } from '../../broker/snapshot/snapshot-of-definitions.ts'
import { readDefinitionsFile } from '../../desired/load/read-definitions-file.ts'
import { InvalidInputError, WarrenError } from '../../diagnostics/warren-error.ts'
import type { ExportChoices } from '../../insight/export/export-input.ts'
import { rascalDefinitions } from '../../insight/rascal/rascal-definitions.ts'
import { addressOf } from '../../model/address.ts'
import { isBuiltInExchange } from '../../model/built-in-exchange.ts'
import { registerTopology } from '../../model/secrets/register-secrets.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { withSecrets } from '../session/with-secrets.ts'
import { type ExportedFiles, exportSnapshot, withoutSecrets } from './export.ts'

/** `definitions` is RabbitMQ's own format; `rascal` is the JSON config of a program that uses rascal. */
export type ImportFormat = 'definitions' | 'rascal'

export interface ImportOptions extends Omit<ExportChoices, 'includeTransient' | 'includeFramework' | 'inferRoutes'> {
  readonly format: ImportFormat
  /** The file. */
  readonly from: string
  /** Only these vhosts; for definitions of one vhost that do not name it, its name. Default: all. */
  readonly onlyVhosts?: readonly string[]
  /**
   * The registry for the secrets of this run. Default: a new one.
   *
   * @internal for the command line, which masks its own outputs
   */
  readonly secrets?: SecretRegistry
}

/**
 * Turns a file of another format into topology files. They declare everything that files can, including queues that
 * are not durable and objects of frameworks. The rest is in `leftOut`, with reasons.
 *
 * @throws {InvalidInputError} when the file cannot be read as definitions
 * @throws {WarrenError} `INVALID_INPUT` when the file is not a config of rascal
 * @example
 * const { topologies, leftOut } = await importFiles({ format: 'rascal', from: 'config.json', singleProject: 'shop' })
 */
export async function importFiles(options: ImportOptions): Promise<ExportedFiles> {
  return withSecrets(options, importFrom)
}

async function importFrom(options: ImportOptions & { readonly secrets: SecretRegistry }): Promise<ExportedFiles> {
  const { format, from: path, onlyVhosts, secrets, ...choices } = options
  const file = await readDefinitionsFile(path)
  if ('finding' in file) throw new InvalidInputError([file.finding], new Map())
  const translated = format === 'rascal' ? translateRascal(file.value, path) : undefined
  const snapshot = snapshotOfDefinitions(translated?.definitions ?? file.value, {
    path,
    ...(onlyVhosts && { vhosts: onlyVhosts }),
  })
  if ('finding' in snapshot) throw new InvalidInputError([snapshot.finding], new Map())
  registerTopology(secrets, snapshot.live.topology)
  const all = { ...choices, includeTransient: true, includeFramework: true }
  const { leftOut, ...imported } = withoutSecrets(await exportSnapshot(snapshot, all, translated), secrets)
  // Every virtual host has these exchanges, and no file lists them.
  const builtIn = new Set(
    snapshot.live.topology.exchanges
      .filter(({ name }) => isBuiltInExchange(name))
      .map((each) => addressOf('exchange', each)),
  )
  return { ...imported, leftOut: leftOut.filter(({ address }) => !builtIn.has(address)) }
}

function translateRascal(value: unknown, path: string) {
  const found = rascalDefinitions(value)
  if (found !== undefined) return found
  throw new WarrenError(`${path} is not a config of rascal: it has no table "vhosts"`, {
    code: 'INVALID_INPUT',
    hint: 'write the config of the program as JSON, such as: node -p "JSON.stringify(require(\'./config\'))"',
  })
}
