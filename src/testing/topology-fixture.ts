import { withCode } from '../diagnostics/error-code.ts'
import { DEFAULT_PORTS, hostOfUrl } from '../model/amqp/amqp-address.ts'
import type { Broker } from './throwaway/broker.ts'
import { urlWithLogin } from './throwaway/connection-variables.ts'
import { startBroker } from './throwaway/start-broker.ts'
import { type CompiledTopology, compiledTopology } from '../desired/load/compiled-topology.ts'
import { ManagementClient } from '../broker/management/client.ts'
import type { ManagementConnection } from '../broker/management/connection.ts'
import type { AmqpTarget } from '../broker/amqp/connections/amqp-target.ts'
import { Secret } from '../model/secrets/secret.ts'
import { maskThrown } from '../model/secrets/mask-thrown.ts'
import { SecretRegistry } from '../model/secrets/secret-registry.ts'
import { requireOneBroker } from '../operations/session/amqp-link.ts'
import { loadDesired } from '../operations/files/load-desired.ts'
import { checkOptionNames } from './check-option-names.ts'
import { isolate } from '../operations/live-tests/isolate.ts'
import { applyThrowaway, removeThrowaway } from '../operations/live-tests/throwaway-topology.ts'
import { withConfig } from './with-config.ts'
import type { TopologyOptions } from '../operations/session/options.ts'
import { explainFinding, type Finding } from '../diagnostics/findings/finding.ts'
import { formatLocation } from '../diagnostics/location.ts'
import { InvalidInputError } from '../diagnostics/warren-error.ts'

export interface UseTopologyOptions extends Omit<
  TopologyOptions,
  'paths' | 'vhosts' | 'standardInput' | 'environment' | 'secrets' | 'inEnvironment' | 'configured' | 'rules'
> {
  /** Values of `${env:NAME}`. Default: the environment of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** The broker to apply the topology to. Default: one broker for the whole process, started at its first use. */
  readonly broker?: Pick<Broker, 'managementUrl' | 'amqpUrl' | 'username' | 'password'>
  /**
   * The path of a `warren.config.yaml`, or false to read none. Default: none if paths are given; otherwise a search
   * from the working directory upwards. `environmentName` chooses its environment, whose connection is never used.
   */
  readonly config?: string | false
  /** The project of the config whose files to apply, if there are several; the list of paths is then empty. */
  readonly project?: string
}

/** A topology on a broker, with its own vhosts and users. */
export interface TopologyFixture extends AsyncDisposable {
  /** The topology for `connect` of `warren/runtime`. Its names are those of the files, except for the vhosts. */
  readonly topology: CompiledTopology
  /** Returns the broker's name for a vhost of the files. The argument is optional if the files have only one. */
  vhost(name?: string): string
  /**
   * Returns the login of a user of the files on the broker. A user without a password, or whose password is not set,
   * gets a random one.
   */
  user(name: string): { readonly name: string; readonly password: string }
  /**
   * Returns the AMQP URL for `connect`, with the login of a user of the files (default: an administrator). The vhost is
   * optional if there is only one.
   */
  url(of?: { readonly vhost?: string; readonly user?: string }): string
  /** Deletes the vhosts with all their contents, and the users. */
  cleanup(): Promise<void>
}

const OPTIONS: Readonly<Record<keyof UseTopologyOptions, true>> = {
  broker: true,
  overlays: true,
  variables: true,
  variableFiles: true,
  environment: true,
  environmentName: true,
  config: true,
  project: true,
}

let shared: Promise<Broker> | undefined

/** Implements `useTopology`. */
export async function createTopologyFixture(
  paths: string | readonly string[],
  options: UseTopologyOptions,
): Promise<TopologyFixture> {
  checkOptionNames('useTopology', options, Object.keys(OPTIONS))
  const { broker: given, config, project, ...files } = options
  const secrets = new SecretRegistry()
  const declared = await addFindingsToMessage(
    (async () => {
      const own = { environment: process.env, ...files, paths: [paths].flat(), secrets }
      return loadDesired(await withConfig(own, { config, project }))
    })(),
  )
  const isolated = isolate(declared)
  const broker = given ?? (await (shared ??= startBroker()))
  await withClient(broker, secrets, async (client, connection) => {
    // The two URLs of a broker that was started here always lead to the same broker.
    if (given !== undefined || ('origin' in broker && broker.origin === 'given')) {
      await requireOneBroker(client, connection, amqpTarget(broker))
    }
    await applyThrowaway(client, isolated)
  })

  let cleaned: Promise<void> | undefined
  const cleanup = () => (cleaned ??= withClient(broker, secrets, (client) => removeThrowaway(client, isolated)))
  const vhost = (name?: string) => nameOnBroker(isolated.vhosts, name)
  const user = (name: string) => known(isolated.users, 'user', name)
  return {
    topology: compiledTopology(isolated.desired),
    vhost,
    user,
    url(of = {}) {
      const { username, password } = of.user === undefined ? broker : { ...user(of.user), username: user(of.user).name }
      return urlWithLogin(`${broker.amqpUrl}/${encodeURIComponent(vhost(of.vhost))}`, { username, password })
    },
    cleanup,
    [Symbol.asyncDispose]: cleanup,
  }
}

async function withClient<T>(
  broker: Pick<Broker, 'managementUrl' | 'username' | 'password'>,
  secrets: SecretRegistry,
  use: (client: ManagementClient, connection: ManagementConnection) => Promise<T>,
): Promise<T> {
  const connection = { url: broker.managementUrl, user: broker.username, password: new Secret(broker.password) }
  const client = new ManagementClient(connection, secrets)
  try {
    return await use(client, connection)
  } catch (error) {
    throw maskThrown(error, secrets)
  } finally {
    await client.close()
  }
}

function amqpTarget({ amqpUrl, username, password }: NonNullable<UseTopologyOptions['broker']>): AmqpTarget {
  const url = new URL(amqpUrl)
  const protocol = url.protocol === 'amqps:' ? 'amqps' : 'amqp'
  return {
    protocol,
    hostname: hostOfUrl(url),
    port: Number(url.port || DEFAULT_PORTS[protocol]),
    user: username,
    password: new Secret(password),
  }
}

function nameOnBroker(vhosts: ReadonlyMap<string, string>, name: string | undefined): string {
  const [only, ...others] = vhosts.values()
  if (name !== undefined) return known(vhosts, 'vhost', name)
  if (only === undefined || others.length > 0) {
    throw withCode('UNKNOWN_NAME', new Error(`The topology has ${vhosts.size} vhosts; name one of ${list(vhosts)}`))
  }
  return only
}

function known<T>(names: ReadonlyMap<string, T>, kind: string, name: string): T {
  const found = names.get(name)
  if (found === undefined)
    throw withCode(
      'UNKNOWN_NAME',
      new Error(`The topology has no ${kind} ${JSON.stringify(name)}; it has ${list(names)}`),
    )
  return found
}

function list(names: ReadonlyMap<string, unknown>): string {
  return names.size === 0 ? 'none' : [...names.keys()].map((name) => JSON.stringify(name)).join(', ')
}

/** Adds the findings of an error to its message, because test runners show only the message. */
async function addFindingsToMessage<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof InvalidInputError) {
      error.message = `${error.message}:\n${error.findings.map(lineOf).join('\n')}`
    }
    throw error
  }
}

function lineOf(found: Finding): string {
  const { message, hint } = explainFinding(found)
  const place = found.location ? `${formatLocation(found.location)}: ` : ''
  return `${place}${message}${hint === undefined ? '' : ` (${hint})`}`
}
