import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'

/** Statements that load a file or package immediately, in the forms that the bundler writes. */
const AT_ONCE =
  /(?:(?:^|[;\n])(?:import(?:[^;\n"'`()]*\bfrom)? ?|export[^;\n"'`()]*\bfrom ?|(?:(?:let|const|var) [^;\n=]*= ?)?require\()|,[\w$]+ ?= ?require\()["'`]([^"'`\n]+)["'`]/g
/** The arguments of `import()` and `require()` anywhere in the code. */
const WHEN_NEEDED = /\b(?:import|require)\(["'`]([^"'`\n]+)["'`]\)/g
/** Files that code finds by their path, such as a program that it starts. */
const BY_PATH = /["'`](\.{1,2}\/[^"'`\s]+\.js)["'`]/g

/** The files and packages that a file imports, directly or indirectly. */
export interface Reached {
  readonly files: ReadonlySet<string>
  /** Packages by name, without the modules of Node.js. */
  readonly packages: ReadonlySet<string>
}

/** Follows the imports of built files: those that load at once, or all. */
export async function reachedFrom(entries: readonly string[], when: 'at once' | 'ever'): Promise<Reached> {
  const patterns = when === 'at once' ? [AT_ONCE] : [AT_ONCE, WHEN_NEEDED, BY_PATH]
  const files = new Set<string>()
  const packages = new Set<string>()
  const waiting = [...entries]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    // Inlined packages contain names of files that no longer exist.
    if (files.has(file) || !file.endsWith('.js') || !existsSync(file)) continue
    files.add(file)
    const text = await readFile(file, 'utf8')
    for (const [, name = ''] of patterns.flatMap((pattern) => [...text.matchAll(pattern)])) {
      if (name.startsWith('.')) waiting.push(join(dirname(file), name))
      else if (!name.startsWith('node:') && !isBuiltin(name)) packages.add(packageOf(name))
    }
  }
  return { files, packages }
}

/** `ajv` of `ajv/dist/2020.js`. */
function packageOf(name: string): string {
  const parts = name.split('/')
  return parts.slice(0, name.startsWith('@') ? 2 : 1).join('/')
}
