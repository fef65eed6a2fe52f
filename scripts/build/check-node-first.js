import { readFileSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { rolldown } from 'rolldown'
import { commonJsName } from './bundle-common-js.js'
import { entries } from './bundle-library.js'

/**
 * Makes each entry of the package, in both of its forms, check the version of Node.js before it loads anything: an
 * older Node.js would fail with an error about a missing feature. A bundle loads packages before its own code, so the
 * check is written at the top of the file.
 *
 * @param {string} modules the folder of the compiled modules
 * @param {string} dist the folder of the package's files, whose entries are bundled already
 */
export async function checkNodeFirst(modules, dist) {
  const bundle = await rolldown({ input: join(modules, 'diagnostics/check-node.js'), platform: 'node' })
  const esm = await bundle.generate({ format: 'esm' })
  const cjs = await bundle.generate({ format: 'cjs' })
  await bundle.close()
  writeFileSync(join(dist, 'check-node.js'), esm.output[0].code)
  writeFileSync(join(dist, 'cjs/check-node.js'), cjs.output[0].code)
  for (const name of entries()) {
    const toDist = posix.relative(posix.dirname(name), '.') || '.'
    prepend(join(dist, `${name}.js`), `import '${toDist}/check-node.js'\n`)
    prepend(join(dist, 'cjs', `${commonJsName(name)}.js`), "require('./check-node.js')\n")
  }
}

/**
 * @param {string} file
 * @param {string} line
 */
function prepend(file, line) {
  writeFileSync(file, line + readFileSync(file, 'utf8'))
}
