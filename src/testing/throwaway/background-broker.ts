import { join } from 'node:path'
import { type BackgroundBroker, readState, removeState, writeState } from './background-state.ts'
import { cleanUp } from './node/clean-up.js'
import { nodeStays, stopStayingNode } from './node/staying-node.ts'
import { type StartBrokerOptions, startNewBroker } from './start-broker.ts'
import { containerRuns, removeContainer } from './docker/start-container.ts'

export type { BackgroundBroker } from './background-state.ts'

export interface BackgroundOptions {
  /** The project's folder, whose `.warren/broker.json` records the broker. Default: the current one. */
  readonly project?: string
}

export interface StartBackgroundOptions extends BackgroundOptions, Omit<StartBrokerOptions, 'origins'> {}

/**
 * Starts a broker that outlives this process, and records it for the project. `WARREN_URL` is ignored. `started` is
 * false if the project's broker was already running.
 *
 * @throws {WarrenError} `BROKER_NOT_STARTED` when there is none to start, or it does not start
 */
export async function startBackgroundBroker(
  options: StartBackgroundOptions = {},
): Promise<{ readonly broker: BackgroundBroker; readonly started: boolean }> {
  const running = await statusBackgroundBroker(options)
  if (running) return { broker: running, started: false }

  const started = await startNewBroker({ ...options, origins: ['container', 'node'] }, true)
  const { managementUrl, amqpUrl, username, password, version } = started
  const broker: BackgroundBroker = {
    managementUrl,
    amqpUrl,
    username,
    password,
    version,
    startedAt: new Date().toISOString(),
    runs: started.origin === 'node' ? { folder: started.folder } : { container: started.id },
  }
  try {
    if (await writeState(folderOf(options), broker)) {
      // Up to this point the node ends with this process, so that a crash leaves neither a broker nor a state.
      if (started.origin === 'node') await started.stay()
      return { broker, started: true }
    }
  } catch (error) {
    await started.stop()
    throw error
  }
  // Another start was faster.
  await started.stop()
  return startBackgroundBroker(options)
}

/** Returns the project's broker if it is running. Removes the files of a broker that is not. */
export async function statusBackgroundBroker(options: BackgroundOptions = {}): Promise<BackgroundBroker | undefined> {
  const state = await readState(folderOf(options))
  if (state && (await isRunning(state))) return state
  await forget(state, options)
  return undefined
}

/** Stops the project's broker and removes its files. Returns undefined if none was running. */
export async function stopBackgroundBroker(options: BackgroundOptions = {}): Promise<BackgroundBroker | undefined> {
  const running = await statusBackgroundBroker(options)
  if (running && 'folder' in running.runs) await stopStayingNode(running.runs.folder)
  await forget(running, options)
  return running
}

async function isRunning({ runs }: BackgroundBroker): Promise<boolean> {
  return 'folder' in runs ? nodeStays(runs.folder) : containerRuns(runs.container)
}

async function forget(state: BackgroundBroker | undefined, options: BackgroundOptions): Promise<void> {
  if (state) await ('folder' in state.runs ? cleanUp(state.runs.folder) : removeContainer(state.runs.container))
  await removeState(folderOf(options))
}

function folderOf({ project = process.cwd() }: BackgroundOptions): string {
  return join(project, '.warren')
}
