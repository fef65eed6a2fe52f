import { type FSWatcher, watch } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The extensions of topologies, templates, tests, configs and variables, but not of reports that a run writes. */
const WATCHED = /\.(?:ya?ml|env)$/
/** How long to wait after a change, because editors write a file in several steps. In milliseconds. */
const PAUSE = 100

/**
 * Runs a function now, and again whenever a file changes in or below the folders of some paths, even during a run.
 *
 * @param signal ends it after the run in progress
 * @returns the result of the last run
 */
export async function repeatOnChange<T>(
  run: () => Promise<T>,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    const watching = await watchFolders(paths)
    try {
      const result = await run()
      const isOver = await Promise.race([watching.changed.then(() => false), aborted(signal)])
      if (isOver) return result
      await sleep(PAUSE)
    } finally {
      watching.close()
    }
  }
}

function aborted(signal: AbortSignal): Promise<true> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(true)
    signal.addEventListener('abort', () => resolve(true), { once: true })
  })
}

async function watchFolders(paths: readonly string[]) {
  const folders = new Set((await Promise.all(paths.map(async (each) => foldersBelow(await folderOf(each))))).flat())
  const watchers: FSWatcher[] = []
  const changed = new Promise<void>((resolve) => {
    for (const folder of folders) {
      const watcher = watch(folder, (_, name) => {
        if (name === null || WATCHED.test(name)) resolve()
      })
      // A folder that is removed is a change.
      watcher.on('error', () => resolve())
      watchers.push(watcher)
    }
  })
  const close = () => {
    for (const each of watchers) each.close()
  }
  return { changed, close }
}

async function folderOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  return found?.isDirectory() === true ? path : dirname(path)
}

async function foldersBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const inside = entries.filter(
    (each) => each.isDirectory() && !each.name.startsWith('.') && each.name !== 'node_modules',
  )
  return [folder, ...(await Promise.all(inside.map(({ name }) => foldersBelow(join(folder, name))))).flat()]
}
