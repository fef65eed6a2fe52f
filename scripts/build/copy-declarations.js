import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { entries } from './bundle-library.js'

const IMPORTED = /\b(?:from|import)\s*\(?\s*['"](\.[^'"]+)\.[jt]s['"]/g

/**
 * Copies the declarations behind the entries of the package, twice: for the ES modules, and into `cjs/types`, where
 * TypeScript treats them as those of CommonJS.
 *
 * @param {string} modules the folder of the compiled modules
 * @param {string} dist the folder of the package's files
 */
export function copyDeclarations(modules, dist) {
  /** @type {Set<string>} */
  const files = new Set()
  for (const name of entries()) addWithImports(join(modules, `${name}.d.ts`), files)
  for (const file of files) {
    const path = relative(modules, file)
    // Indented with tabs, which takes up less space in the package.
    const text = readFileSync(file, 'utf8').replaceAll(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4))
    for (const folder of [dist, join(dist, 'cjs/types')]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
  }
}

/**
 * @param {string} file
 * @param {Set<string>} files
 */
function addWithImports(file, files) {
  if (files.has(file)) return
  files.add(file)
  for (const [, path] of readFileSync(file, 'utf8').matchAll(IMPORTED)) {
    addWithImports(join(dirname(file), `${path}.d.ts`), files)
  }
}
