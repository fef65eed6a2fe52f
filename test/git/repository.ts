import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A git repository in its own folder, which is removed when the test ends. */
export interface Repository {
  readonly folder: string
  readonly write: (files: Readonly<Record<string, string>>) => void
  readonly remove: (path: string) => void
  readonly commit: () => void
  readonly git: (...args: readonly string[]) => string
}

/** Makes a repository with one commit of these files. */
export function repository(files: Readonly<Record<string, string>>): Repository {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'warren-git-')))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', folder, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        PATH: process.env['PATH'],
        GIT_CONFIG_NOSYSTEM: '1',
        HOME: folder,
        GIT_AUTHOR_NAME: 'warren',
        GIT_AUTHOR_EMAIL: 'warren@example.com',
        GIT_COMMITTER_NAME: 'warren',
        GIT_COMMITTER_EMAIL: 'warren@example.com',
      },
    })
  const write = (each: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(each)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
  }
  const commit = (): void => {
    git('add', '--all')
    git('commit', '--quiet', '--message', 'change')
  }
  git('init', '--quiet')
  write(files)
  commit()
  return { folder, write, remove: (path) => rmSync(join(folder, path)), commit, git }
}
