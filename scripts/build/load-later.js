/**
 * Modules of Node.js that take some milliseconds to load and are used rarely, and the importers whose imports wait until a
 * function of the module is called.
 */
const LATER = [
  { module: 'node:crypto', importer: /[\\/]warren-build-\d+[\\/]build[\\/]/ },
  // Commander can run subcommands as separate programs, which warren does not use.
  { module: 'node:child_process', importer: /[\\/]commander[\\/]/ },
]

const PREFIX = '\0later '

/** @type {import('rolldown').Plugin} */
export const loadLater = {
  name: 'load-later',
  resolveId(id, importer = '') {
    const later = LATER.find(({ module, importer: pattern }) => module === id && pattern.test(importer))
    return later && PREFIX + id
  },
  async load(id) {
    if (!id.startsWith(PREFIX)) return undefined
    const module = id.slice(PREFIX.length)
    // Classes, whose names begin with an upper-case letter, cannot be called like functions, so importing one fails
    // here.
    return Object.entries(await import(module))
      .filter(([name, value]) => typeof value === 'function' && /^[a-z]/.test(name))
      .map(([name]) => `export const ${name} = (...args) => process.getBuiltinModule('${module}').${name}(...args)\n`)
      .join('')
  },
}
