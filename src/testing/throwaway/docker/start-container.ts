import { randomBytes } from 'node:crypto'
import type { GenericContainer } from 'testcontainers'
import type { Broker, Login } from '../broker.ts'
import { waitUntilReady } from '../wait-until-ready.ts'

/** A container that Testcontainers started. */
export interface BrokerContainer extends Broker {
  readonly origin: 'container'
  readonly id: string
}

export interface ContainerOptions {
  /** Such as `rabbitmq:4-management`; it has to contain the management plugin. */
  readonly image: string
  /** How long the start may take after the download of the image, in milliseconds. */
  readonly timeout: number
  /** Whether the container may outlive this process. Otherwise Testcontainers removes it, even after a crash. */
  readonly stays?: boolean
  /** Plugins to enable in addition to those of the image. Default: none. */
  readonly plugins?: readonly string[]
  readonly signal?: AbortSignal
}

/** Code that inspects or removes a container by its id checks this label first. */
const LABEL = 'warren.broker'
const AMQP = 5672
const MANAGEMENT = 15672

/** Starts a RabbitMQ container on free ports, through Testcontainers, which has to be installed. */
export async function startContainer({
  image,
  timeout,
  stays = false,
  plugins = [],
  signal,
}: ContainerOptions): Promise<BrokerContainer> {
  const { GenericContainer, Wait } = await import('testcontainers')
  const login: Login = { username: 'warren', password: randomBytes(18).toString('base64url') }
  const container = await withPlugins(new GenericContainer(image), plugins)
    .withEnvironment({ RABBITMQ_DEFAULT_USER: login.username, RABBITMQ_DEFAULT_PASS: login.password })
    .withExposedPorts(AMQP, MANAGEMENT)
    // The default strategy would run a shell in the container. The real check follows below.
    .withWaitStrategy(Wait.forHttp('/', MANAGEMENT, { abortOnContainerExit: true }))
    .withStartupTimeout(timeout)
    .withLabels({ [LABEL]: 'true' })
    .withAutoCleanup(!stays)
    .start()
  const address = {
    managementUrl: `http://${container.getHost()}:${container.getMappedPort(MANAGEMENT)}`,
    amqpUrl: `amqp://${container.getHost()}:${container.getMappedPort(AMQP)}`,
  }
  let stopped: Promise<unknown> | undefined
  const stop = async () => {
    await (stopped ??= container.stop())
  }
  try {
    const late = AbortSignal.timeout(timeout)
    const version = await waitUntilReady(address.managementUrl, login, signal ? AbortSignal.any([late, signal]) : late)
    return {
      ...address,
      ...login,
      version,
      origin: 'container',
      id: container.getId(),
      stop,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The official image reads this file at its start; by default it lists the plugins for management and Prometheus. */
function withPlugins(container: GenericContainer, plugins: readonly string[]): GenericContainer {
  if (plugins.length === 0) return container
  const content = `[${['rabbitmq_management', 'rabbitmq_prometheus', ...plugins].join(',')}].\n`
  return container.withCopyContentToContainer([{ content, target: '/etc/rabbitmq/enabled_plugins' }])
}

/** Whether a container that outlived its starter is running. */
export async function containerRuns(id: string): Promise<boolean> {
  return (await inspect(id))?.State.Running ?? false
}

/** Removes a container that outlived its starter. A missing container, or one without warren's label, is ignored. */
export async function removeContainer(id: string): Promise<void> {
  if (!(await inspect(id))) return
  const { container } = await engine()
  await container.getById(id).remove({ force: true, v: true })
}

async function inspect(id: string) {
  const { container } = await engine()
  try {
    const found = await container.getById(id).inspect()
    return found.Config.Labels[LABEL] === 'true' ? found : undefined
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined
    throw error
  }
}

async function engine() {
  const { getContainerRuntimeClient } = await import('testcontainers')
  return getContainerRuntimeClient()
}
