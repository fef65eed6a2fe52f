import { dirname, isAbsolute, join, relative, sep } from 'node:path'

/** A path relative to another folder than the one of the file that holds it. Absolute ones stay as they are. */
export function rebased(path: string, file: string, folder: string): string {
  if (isAbsolute(path)) return path
  return relative(folder, join(dirname(file), path)).replaceAll(sep, '/')
}
