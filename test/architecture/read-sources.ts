import { readdir, readFile } from 'node:fs/promises'
import { join, posix, relative, sep } from 'node:path'
import { ROOMS } from './rooms.ts'

/** How a file imports something: a type import does not exist at run time, and `import()` loads only on demand. */
export type ImportKind = 'value' | 'type' | 'dynamic'

export interface Import {
  readonly kind: ImportKind
  /** A path below `src` (`plan/plan.ts`), or a package or Node module without its subpath (`ajv`, `node:fs`). */
  readonly target: string
  readonly isFile: boolean
}

/** A file of `src`. */
export interface SourceFile {
  /** Relative to `src`, with slashes. */
  readonly path: string
  /** The code, with the comments taken out. */
  readonly code: string
  readonly imports: readonly Import[]
}

export async function readSources(root: string): Promise<SourceFile[]> {
  const names = await readdir(root, { recursive: true })
  const paths = names.filter((name) => /(?<!\.d)\.[jt]s$/.test(name)).toSorted((a, b) => (a < b ? -1 : 1))
  return Promise.all(
    paths.map(async (path) =>
      sourceFile(relative(root, join(root, path)).split(sep).join('/'), await readFile(join(root, path), 'utf8')),
    ),
  )
}

/** Formatted code has every import and re-export at the start of a line and in single quotes. */
const STATIC =
  /^(?:import|export)\s+(type\s+)?(?:(?:\w+\s*,\s*)?(?:\{[^}]*\}|\*(?:\s+as\s+\w+)?|\w+)\s+from\s+)?'([^']+)'/gm
const DYNAMIC = /(?<!typeof )\b(?:import|require)\(\s*'([^']+)'\s*\)/g

export function sourceFile(path: string, text: string): SourceFile {
  const code = text.replace(/\/\*[^]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const imports = [
    ...[...code.matchAll(STATIC)].map(([, type, target = '']) => resolve(path, type ? 'type' : 'value', target)),
    ...[...code.matchAll(DYNAMIC)].map(([, target = '']) => resolve(path, 'dynamic', target)),
  ]
  return { path, code, imports }
}

function resolve(path: string, kind: ImportKind, target: string): Import {
  if (target.startsWith('.')) return { kind, target: posix.join(posix.dirname(path), target), isFile: true }
  const [scope = '', name = ''] = target.split('/')
  return { kind, target: target.startsWith('@') ? `${scope}/${name}` : scope, isFile: false }
}

/**
 * The folder of a file that has a row in the table, or the one directly below `src`; empty for a file directly in
 * `src`.
 */
export function folderOf(path: string): string {
  const parts = path.split('/').slice(0, -1)
  for (let depth = parts.length; depth > 0; depth -= 1) {
    const folder = parts.slice(0, depth).join('/')
    if (folder in ROOMS) return folder
  }
  return parts[0] ?? ''
}
