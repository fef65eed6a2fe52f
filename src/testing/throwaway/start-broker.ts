import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { Broker, Origin } from './broker.ts'
import { dockerAnswers } from './docker/docker-engine.ts'
import { findServer } from './node/find-server.ts'
import { givenBroker } from './given-broker.ts'
import { type BrokerContainer, startContainer } from './docker/start-container.ts'
import { type PrivateNode, startNode } from './node/start-node.ts'

export interface StartBrokerOptions {
  /** The allowed sources of a broker. Default: all. The order is always: given, container, node. */
  readonly origins?: readonly Origin[]
  /** How long a broker may take to start, in milliseconds, without the download of an image. Default 120,000. */
  readonly timeout?: number
  /** Cancels a start in progress, which then leaves nothing behind. */
  readonly signal?: AbortSignal
  /**
   * The environment with `WARREN_URL`, `WARREN_AMQP_URL`, `DOCKER_HOST`, `RABBITMQ_VERSION` (the tag of the image,
   * default `4-management`), `RABBITMQ_HOME` and `PATH`. Default: the environment of the process.
   */
  readonly environment?: NodeJS.ProcessEnv
  /**
   * Plugins that a container or node enables in addition to `rabbitmq_management`, such as `rabbitmq_shovel`. Ignored
   * for a given broker. Default: none.
   */
  readonly plugins?: readonly string[]
}

export const DEFAULT_TIMEOUT = 120_000
const ALL: readonly Origin[] = ['given', 'container', 'node']

/**
 * Returns a broker for tests: the one that `WARREN_URL` or `WARREN_AMQP_URL` names, or a container if a Docker engine
 * answers, or a private node of an installed RabbitMQ.
 *
 * `stop` ends what it started; otherwise that happens when this process ends for any reason.
 *
 * @throws {WarrenError} `BROKER_NOT_STARTED` when none is available, or it does not start; nothing is left running
 *   then
 */
export async function startBroker(options: StartBrokerOptions = {}): Promise<Broker> {
  const { origins = ALL, environment = process.env, signal } = options
  const given = origins.includes('given') ? await givenBroker(environment, signal) : undefined
  return given ?? (await startNewBroker(options, false))
}

/**
 * Starts a container or a private node. `stays`: the container outlives this process; a node is switched to this mode
 * later.
 */
export async function startNewBroker(
  options: StartBrokerOptions,
  stays: boolean,
): Promise<BrokerContainer | PrivateNode> {
  const { origins = ALL, timeout = DEFAULT_TIMEOUT, environment = process.env, signal, plugins = [] } = options
  const server = origins.includes('node') ? await findServer(environment) : undefined
  let cause: unknown
  if (origins.includes('container') && (await dockerAnswers(environment))) {
    const image = `rabbitmq:${environment['RABBITMQ_VERSION'] ?? '4-management'}`
    try {
      return await startContainer({ image, timeout, stays, plugins, ...(signal && { signal }) })
    } catch (error) {
      signal?.throwIfAborted()
      cause = error
    }
  }
  // An engine is usable only together with the image and Testcontainers.
  if (server) return startNode({ server, timeout, plugins, ...(signal && { signal }) })
  throw noBroker(cause)
}

function noBroker(cause: unknown): WarrenError {
  const reason = cause instanceof Error ? `: the container did not start: ${cause.message}` : ''
  return new WarrenError(`There is no RabbitMQ to start${reason}`, {
    code: 'BROKER_NOT_STARTED',
    hint:
      'start Docker (with testcontainers installed: npm install --save-dev testcontainers); or install RabbitMQ ' +
      '(apt-get install --no-install-recommends rabbitmq-server, brew install rabbitmq; in a clone of warren: npm run setup); ' +
      'or name a running broker in WARREN_URL',
    ...(cause !== undefined && { cause }),
  })
}
