import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as library from '../../src/index.ts'
import { command } from '../integration/support/command-in-process.ts'

/** The rows of the guide's table: a command, its functions, and the functions that format their results. */
async function table(): Promise<Map<string, readonly string[]>> {
  const guide = await readFile(join(import.meta.dirname, '../../docs/how-to/library.md'), 'utf8')
  const rows = guide.matchAll(/^\| `warren ([a-z ]+)` +\| ([^|]+)\| ([^|]*)\|$/gm)
  return new Map(
    [...rows].map(([, name = '', functions = '', formatters = '']) => [
      name,
      [...`${functions} ${formatters}`.matchAll(/(?<!its )`(\w+)`/g)].map(([, each]) => String(each)),
    ]),
  )
}

/** These commands concern the command line itself, and programs do not need them. */
const ABOUT_COMMANDS = ['help', 'completion']

/** The names of all commands, `dlq peek` for one of a group, as `--help` lists them. */
async function commands(...group: readonly string[]): Promise<string[]> {
  const { stdout } = await command([...group, '--help'])
  const listed = /^Commands:\n((?: .*\n)+)/m.exec(stdout)?.[1]
  if (listed === undefined) return [group.join(' ')]
  const names = [...listed.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => String(name))
  const nested = names.filter((name) => !ABOUT_COMMANDS.includes(name)).map((name) => commands(...group, name))
  return (await Promise.all(nested)).flat()
}

describe('the functions of the library', () => {
  it('cover each command, as the guide to the library lists them', async () => {
    const listed = await table()

    expect([...listed.keys()].toSorted()).toEqual((await commands()).toSorted())
    const exported = new Set(Object.keys(library))
    const missing = [...listed].flatMap(([name, functions]) =>
      functions.length === 0 ? [`${name}: none`] : functions.filter((each) => !exported.has(each)),
    )
    expect(missing).toEqual([])
  })
})
