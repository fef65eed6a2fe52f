import { access, constants, readdir, realpath } from 'node:fs/promises'
import { basename, delimiter, join } from 'node:path'

/** An installed RabbitMQ server. */
export interface InstalledServer {
  /** The start script `sbin/rabbitmq-server`. */
  readonly script: string
  /** Erlang's port mapper; absent if it is not on the search path, and then Erlang starts its own. */
  readonly epmd?: string
  /** The search path for the script, which runs `erl`. */
  readonly path: string
}

/** The path that the packages of Debian, RPM distributions and RabbitMQ share. */
const PACKAGES = '/usr/lib/rabbitmq/lib'
/**
 * Folders of programs that may be missing in a normal user's search path: those of Debian, and of Homebrew on Intel
 * and on ARM.
 */
const MORE_FOLDERS = [
  '/usr/sbin',
  '/usr/bin',
  '/usr/local/sbin',
  '/usr/local/bin',
  '/opt/homebrew/sbin',
  '/opt/homebrew/bin',
]
/** Debian's script of this name switches to the user `rabbitmq`, who cannot use this folder. */
const USER_CHANGING_SCRIPT = 'rabbitmq-script-wrapper'

/**
 * Finds an installed RabbitMQ server: in `RABBITMQ_HOME`, from a package, or on the search path (Homebrew, the generic
 * Unix archive). Returns undefined if there is none.
 */
export async function findServer(environment: NodeJS.ProcessEnv): Promise<InstalledServer | undefined> {
  const folders = [...new Set([...(environment['PATH'] ?? '').split(delimiter), ...MORE_FOLDERS])].filter(Boolean)
  const script = await firstExecutable([
    ...(environment['RABBITMQ_HOME'] ? [join(environment['RABBITMQ_HOME'], 'sbin/rabbitmq-server')] : []),
    ...(await packagedScripts()),
    ...folders.map((folder) => join(folder, 'rabbitmq-server')),
  ])
  if (script === undefined) return undefined
  const epmd = await firstExecutable(folders.map((folder) => join(folder, 'epmd')))
  return { script, path: folders.join(delimiter), ...(epmd !== undefined && { epmd }) }
}

/** With the newest version first. */
async function packagedScripts(): Promise<string[]> {
  const versions = await readdir(PACKAGES).catch(() => [])
  return versions
    .filter((name) => name.startsWith('rabbitmq_server-'))
    .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => join(PACKAGES, name, 'sbin/rabbitmq-server'))
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    try {
      await access(path, constants.X_OK)
      if (basename(await realpath(path)) !== USER_CHANGING_SCRIPT) return path
    } catch {
      // Not here.
    }
  }
  return undefined
}
