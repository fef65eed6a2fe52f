import { randomBytes } from 'node:crypto'
import { link, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readRegularFile } from '../../files/read-regular-file.ts'
import type { Login } from './broker.ts'

/** A broker that runs in the background, as recorded in a file of the project. */
export interface BackgroundBroker extends Login {
  /** As in `Broker`. */
  readonly managementUrl: string
  /** As in `Broker`. */
  readonly amqpUrl: string
  readonly version: string
  /** The time of its start, in ISO 8601. */
  readonly startedAt: string
  /** The container's id, or the folder of the private node. */
  readonly runs: { readonly container: string } | { readonly folder: string }
}

const FILE = 'broker.json'

/** Reads the broker that is recorded in this folder. Ignores a file that warren did not write. */
export async function readState(folder: string): Promise<BackgroundBroker | undefined> {
  try {
    const state: unknown = JSON.parse((await readRegularFile(join(folder, FILE), 'value')).toString('utf8'))
    return isState(state) ? state : undefined
  } catch {
    return undefined
  }
}

/** Records a broker. Returns false if another one is already recorded. */
export async function writeState(folder: string, state: BackgroundBroker): Promise<boolean> {
  await mkdir(folder, { recursive: true })
  // The folder contains a password and must not be committed.
  await writeFile(join(folder, '.gitignore'), '*\n')
  const draft = join(folder, `${FILE}.${randomBytes(4).toString('hex')}`)
  await writeFile(draft, JSON.stringify(state, undefined, 2) + '\n', { mode: 0o600 })
  try {
    // Unlike a rename, a link never replaces a file, so only one of two concurrent starts wins.
    await link(draft, join(folder, FILE))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft)
  }
}

export async function removeState(folder: string): Promise<void> {
  await rm(join(folder, FILE), { force: true })
}

/** A folder with another name is refused, because warren removes the folder that the state names. */
const NODE_FOLDER = /[/\\]warren-broker-[0-9a-f]{12}$/

function isState(value: unknown): value is BackgroundBroker {
  if (typeof value !== 'object' || value === null) return false
  const { runs, ...texts } = value as Record<string, unknown>
  const keys = ['managementUrl', 'amqpUrl', 'username', 'password', 'version', 'startedAt']
  if (!keys.every((key) => typeof texts[key] === 'string')) return false
  const { container, folder } = (runs ?? {}) as Record<string, unknown>
  return typeof container === 'string' || (typeof folder === 'string' && NODE_FOLDER.test(folder))
}
