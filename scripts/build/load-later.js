/**
 * Modules of Node.js that take some milliseconds to load, the functions of them that are used rarely, and the importers
 * whose imports wait until one of these functions is called.
 */
const LATER = [
  {
    module: 'node:crypto',
    names: ['createHash', 'createHmac', 'randomBytes', 'randomInt', 'randomUUID', 'timingSafeEqual'],
    importer: /[\\/]warren-build-\d+[\\/]build[\\/]/,
  },
  // Commander starts programs that are subcommands, which warren does not have.
  { module: 'node:child_process', names: ['spawn'], importer: /[\\/]commander[\\/]/ },
]

const PREFIX = '\0later '

/** @type {import('rolldown').Plugin} */
export const loadLater = {
  name: 'load-later',
  resolveId(id, importer = '') {
    const later = LATER.find(({ module, importer: pattern }) => module === id && pattern.test(importer))
    return later && PREFIX + id
  },
  load(id) {
    const later = LATER.find(({ module }) => id === PREFIX + module)
    return later?.names
      .map(
        (name) => `export const ${name} = (...args) => process.getBuiltinModule('${later.module}').${name}(...args)\n`,
      )
      .join('')
  },
}
