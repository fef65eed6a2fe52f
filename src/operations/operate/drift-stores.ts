import { ManagementClient } from '../../broker/management/client.ts'
import { orIfMissing } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import { writes } from '../../broker/management/writes.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { describeFileError } from '../../files/describe-file-error.ts'
import { readRegularFile } from '../../files/read-regular-file.ts'
import { replaceFile } from '../../files/replace-file.ts'
import { driftStateName } from '../../model/generated-names.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { WatchedProject } from '../../operate/drift/drift-event.ts'
import { type DriftState, NO_DRIFT } from '../../operate/drift/drift-state.ts'
import { readState } from '../../operate/drift/read-state.ts'
import type { BrokerOptions } from '../session/options.ts'

/** Stores in which the states of the drift service survive a restart. */
export interface DriftStore {
  readonly load: (watched: WatchedProject) => Promise<DriftState>
  readonly save: (watched: WatchedProject, state: DriftState) => Promise<void>
}

/** Keeps the state of each project in a global parameter of its broker, which all replicas share. */
export function parameterStore(broker: BrokerOptions, secrets: SecretRegistry): DriftStore {
  const withClient = async <T>(work: (client: ManagementClient) => Promise<T>): Promise<T> => {
    const client = new ManagementClient(broker.connection, secrets)
    try {
      return await work(client)
    } finally {
      await client.close()
    }
  }
  const nameOf = ({ project, environment }: WatchedProject) => driftStateName(project, environment)
  return {
    load: (watched) =>
      withClient(async (client) => {
        const name = nameOf(watched)
        const parameter = await orIfMissing(reads.globalParameter(client, name), undefined)
        if (parameter === undefined) return NO_DRIFT
        return (
          readState(parameter.value) ??
          refuse(`the global parameter ${name}`, `rabbitmqctl clear_global_parameter ${name}`)
        )
      }),
    save: (watched, state) =>
      withClient(async (client) => void (await writes.putGlobalParameter(client, nameOf(watched), state))),
  }
}

/**
 * Keeps the states of all projects in a file, for one process.
 *
 * @throws {WarrenError} `DAMAGED_RECORD` when the file exists and is not a state
 */
export async function fileStore(path: string): Promise<DriftStore> {
  const states = await readStates(path)
  let writing: Promise<void> = Promise.resolve()
  return {
    load: (watched) => Promise.resolve(states.get(keyOf(watched)) ?? NO_DRIFT),
    save: (watched, state) => {
      states.set(keyOf(watched), state)
      const write = () => replaceFile(path, JSON.stringify({ format: 1, states: Object.fromEntries(states) }))
      // One after the other, so that an older state does not replace a newer one.
      const written = writing.catch(() => undefined).then(write)
      writing = written
      return written.catch((error: unknown) => {
        throw new WarrenError(`cannot write the state ${path}: ${describeFileError(error)}`, { code: 'INVALID_USAGE' })
      })
    },
  }
}

function keyOf({ project, environment = '' }: WatchedProject): string {
  return `${environment}/${project}`
}

async function readStates(path: string): Promise<Map<string, DriftState>> {
  let text: string
  try {
    text = (await readRegularFile(path, 'data')).toString('utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map()
    throw new WarrenError(`cannot read the state ${path}: ${describeFileError(error)}`, { code: 'INVALID_USAGE' })
  }
  const states = new Map<string, DriftState>()
  for (const [key, value] of Object.entries(statesIn(text) ?? refuse(path, `rm ${path}`))) {
    states.set(key, readState(value) ?? refuse(path, `rm ${path}`))
  }
  return states
}

function statesIn(text: string): object | undefined {
  try {
    const { states } = JSON.parse(text) as { readonly states?: unknown }
    return typeof states === 'object' && states !== null ? states : undefined
  } catch {
    return undefined
  }
}

function refuse(what: string, remove: string): never {
  throw new WarrenError(
    `this version of warren cannot read the state of the drift service in ${what}, and does not overwrite it`,
    {
      code: 'DAMAGED_RECORD',
      hint: `use the version that wrote it, or remove it with: ${remove}`,
    },
  )
}
