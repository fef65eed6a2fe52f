import {
  type BackgroundBroker,
  type BackgroundOptions,
  startBackgroundBroker as start,
  type StartBackgroundOptions,
  statusBackgroundBroker as status,
  stopBackgroundBroker as stop,
} from '../../testing/throwaway/background-broker.ts'
import { type SecretsOptions, withSecrets } from '../session/with-secrets.ts'

export type { BackgroundBroker, BackgroundOptions, StartBackgroundOptions }

/** A broker that runs in the background, and whether this call started it. */
export interface StartedBroker {
  readonly broker: BackgroundBroker
  /** False if the broker of the project was already running. */
  readonly started: boolean
}

/**
 * Starts a throwaway RabbitMQ for development that outlives this process, and remembers it for the project. It is a
 * container if a Docker engine answers, and otherwise a private node of an installed rabbitmq-server.
 *
 * @throws {WarrenError} `BROKER_NOT_STARTED` when neither is available, or when it does not start
 */
export async function startBackgroundBroker(options: StartBackgroundOptions = {}): Promise<StartedBroker> {
  return withSecrets<StartBackgroundOptions & SecretsOptions, StartedBroker>(options, async ({ secrets, ...own }) => {
    const started = await start(own)
    secrets.addLogin(started.broker.username, started.broker.password)
    return started
  })
}

/** Returns the background broker of the project, or undefined if none runs. Removes the files of a dead one. */
export async function statusBackgroundBroker(options: BackgroundOptions = {}): Promise<BackgroundBroker | undefined> {
  return broker(options, status)
}

/** Stops the background broker of the project and deletes its data; undefined if none was running. */
export async function stopBackgroundBroker(options: BackgroundOptions = {}): Promise<BackgroundBroker | undefined> {
  return broker(options, stop)
}

function broker(
  options: BackgroundOptions,
  run: (options: BackgroundOptions) => Promise<BackgroundBroker | undefined>,
): Promise<BackgroundBroker | undefined> {
  return withSecrets<BackgroundOptions & SecretsOptions, BackgroundBroker | undefined>(
    options,
    async ({ secrets, ...own }) => {
      const found = await run(own)
      if (found) secrets.addLogin(found.username, found.password)
      return found
    },
  )
}
