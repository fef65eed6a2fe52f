import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

/** The variables of the process, with those of a `.env` file in the current folder; the process wins. */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  const fromFile = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {}
  return { ...fromFile, ...process.env }
}
