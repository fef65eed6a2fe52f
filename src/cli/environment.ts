import { statSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { readText } from './read-text.ts'

/** The variables of the process, with those of a `.env` file in the current folder; the process wins. */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  // A folder of this name is a virtual environment of Python.
  const fromFile = statSync('.env', { throwIfNoEntry: false })?.isFile() ? parseEnv(readText('the file', '.env')) : {}
  return { ...fromFile, ...process.env }
}
