import { randomBytes } from 'node:crypto'
import { loadFiles } from '../files/load-files.ts'
import type { Finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { definitionsOf } from '../../insight/definitions/definitions-of.ts'
import type { LeftOut } from '../../insight/export/export-input.ts'
import { SALT_BYTES } from '../../model/secrets/password-hash.ts'
import { Secret } from '../../model/secrets/secret.ts'
import { resolvePasswords } from '../files/resolve-passwords.ts'
import type { TopologyOptions } from '../session/options.ts'
import { withSecrets } from '../session/with-secrets.ts'

export interface WriteDefinitionsOptions extends TopologyOptions {
  /** Whether users, permissions and topic permissions are left out. Default false. */
  readonly withoutUsers?: boolean
}

/** A topology as RabbitMQ's definitions, and the warnings about its files. */
export interface DefinitionsText {
  /**
   * JSON for `load_definitions`. `json.reveal()` returns the text, which may contain password hashes and URIs with
   * credentials.
   */
  readonly json: Secret
  /** Whether it contains such secrets, so that a file has to be private. */
  readonly containsSecrets: boolean
  /** The objects that the definitions do not contain, with the reasons. */
  readonly leftOut: readonly LeftOut[]
  /**
   * Names of users that the files declare without a password. If these users exist, an import removes their
   * passwords.
   */
  readonly withoutPassword: readonly string[]
  /** Warnings about the files. */
  readonly findings: readonly Finding[]
  /** The texts of the files by their shown path, for code frames. */
  readonly sources: ReadonlyMap<string, string>
}

/**
 * Writes the topology that files declare as RabbitMQ's definitions, which a new broker can load when it boots. On
 * this broker, the plan of the files is then empty. Passwords become hashes with a new salt; users whose passwords
 * cannot be resolved are left out.
 *
 * @throws {InvalidInputError} when the files are invalid
 * @example
 * const { json } = await definitions({ paths: ['topology.yaml'], environment: process.env })
 * await writeFile('definitions.json', json.reveal(), { mode: 0o600 })
 */
export async function definitions(options: WriteDefinitionsOptions): Promise<DefinitionsText> {
  return withSecrets(options, writeDefinitions)
}

async function writeDefinitions(options: WriteDefinitionsOptions): Promise<DefinitionsText> {
  const { withoutUsers = false, environment = {}, ...rest } = options
  const users = withoutUsers ? 'ignore' : 'check'
  const { desired, findings, sources, variables } = await loadFiles({ ...rest, environment, users })
  if (desired === undefined) throw new InvalidInputError(findings, sources)
  const { topology } = await resolvePasswords(desired, environment, variables)
  const salt = () => randomBytes(SALT_BYTES)
  const { sections, ...written } = definitionsOf(topology, { withoutUsers, salt })
  return { json: new Secret(`${JSON.stringify(sections, undefined, 2)}\n`), ...written, findings, sources }
}
