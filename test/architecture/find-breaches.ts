import { folderOf, type Import, type SourceFile } from './read-sources.ts'
import { GLOBALS, HARMLESS, INSTEAD, type Room, ROOMS } from './rooms.ts'

/** Lists the forbidden uses in a file, each as a sentence that says what to do instead. */
export function findBreaches(files: readonly SourceFile[], rooms: Readonly<Record<string, Room>> = ROOMS): string[] {
  return files.flatMap((file) => {
    const folder = folderOf(file.path)
    if (folder === '') return entryBreaches(file)
    const room = rooms[folder]
    if (!room)
      return [
        `${file.path}: src/${folder} is not in the table of test/architecture/rooms.ts: add a row there, and say in docs/architecture.md what happens in it`,
      ]
    return [...importBreaches(file, folder, room), ...globalBreaches(file, room)]
  })
}

function importBreaches(file: SourceFile, folder: string, room: Room): string[] {
  return file.imports.flatMap((each) => {
    if (!each.isFile) return moduleBreach(file, room, each)
    const target = folderOf(each.target)
    if (target === folder || mayImport(room, each, target)) return []
    const allowed = room.imports.length === 0 ? 'nothing' : room.imports.join(', ')
    const only = room.types?.includes(target)
      ? ' (its types, with `import type`)'
      : room.whenNeeded?.includes(target)
        ? ' (with `import()`)'
        : ''
    return [
      `${file.path} imports ${each.target}: ${folder} may import ${allowed}${only && `, and ${target}${only}`}. ` +
        'Take what it needs as an argument, or move what both need to model; a new arrow needs a reason in docs/architecture.md',
    ]
  })
}

function mayImport(room: Room, { kind }: Import, target: string): boolean {
  if (room.imports.includes(target)) return true
  if (kind === 'type') return [...(room.types ?? []), ...(room.whenNeeded ?? [])].includes(target)
  return kind === 'dynamic' && (room.whenNeeded ?? []).includes(target)
}

function moduleBreach(file: SourceFile, room: Room, each: Import): string[] {
  const { target } = each
  if (HARMLESS.includes(target) || room.modules?.includes(target)) return []
  if (room.whenNeeded?.includes(target) && each.kind !== 'value') return []
  const instead = INSTEAD[target] ?? 'use it where the table of test/architecture/rooms.ts allows it'
  return [`${file.path} imports ${target}: ${instead}`]
}

function globalBreaches(file: SourceFile, room: Room): string[] {
  return Object.entries(GLOBALS)
    .filter(([name, { pattern }]) => !room.globals?.includes(name) && pattern.test(file.code))
    .map(([name, { instead }]) => `${file.path} uses ${name}: ${instead}`)
}

/** The public entries only re-export from other files. */
function entryBreaches(file: SourceFile): string[] {
  const rest = file.code.replace(/^export\s+(?:type\s+)?(?:\{[^}]*\}|\*)\s+from\s+'[^']+'\n?/gm, '').trim()
  return rest === '' ? [] : [`${file.path} does more than to export from other files: move that into a folder`]
}

/** The first path from a file back to itself, if there is one; type imports count, dynamic imports do not. */
export function findCycle(files: readonly SourceFile[]): string[] | undefined {
  const imports = new Map(
    files.map(({ path, imports: all }) => [
      path,
      all.filter(({ kind, isFile }) => kind !== 'dynamic' && isFile).map(({ target }) => target),
    ]),
  )
  const done = new Set<string>()
  const visit = (path: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path]
    if (done.has(path)) return undefined
    for (const target of imports.get(path) ?? []) {
      const cycle = visit(target, [...way, path])
      if (cycle) return cycle
    }
    done.add(path)
    return undefined
  }
  for (const { path } of files) {
    const cycle = visit(path, [])
    if (cycle) return cycle
  }
  return undefined
}

/** The folders and packages that are loaded immediately with a file. */
export function loadedWith(entry: string, files: readonly SourceFile[]): { folders: string[]; modules: string[] } {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const seen = new Set<string>()
  const modules = new Set<string>()
  const open = [entry]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const file = byPath.get(path)
    if (!file || seen.has(path)) continue
    seen.add(path)
    open.push(...staticFiles(file))
    for (const each of file.imports) if (!each.isFile && each.kind === 'value') modules.add(each.target)
  }
  const sorted = (items: Iterable<string>) => [...new Set(items)].toSorted((a, b) => (a < b ? -1 : 1))
  return { folders: sorted([...seen].map(folderOf)), modules: sorted(modules) }
}

function staticFiles({ imports }: SourceFile): string[] {
  return imports.filter(({ kind, isFile }) => kind === 'value' && isFile).map(({ target }) => target)
}
