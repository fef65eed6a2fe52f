import { dirname, isAbsolute, join, relative, sep } from 'node:path'

/**
 * Converts a path that is relative to a file to one that is relative to another folder. Absolute paths do not change.
 */
export function rebased(path: string, file: string, folder: string): string {
  if (isAbsolute(path)) return path
  return relative(folder, join(dirname(file), path)).replaceAll(sep, '/')
}
