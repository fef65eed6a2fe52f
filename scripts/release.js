import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { deliveredBill } from './release/bill-of-materials.js'
import { notesOf } from './release/notes.js'

// Writes the files of a release from the build: the package, a bill of materials, the checksums of both, and the notes.
//
//   node scripts/release.js --tag v1.2.3 --out FOLDER [--changelog FILE]
//
// It fails if the tag is not that of package.json, or if the changelog has no section for the version.

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: {
    tag: { type: 'string' },
    out: { type: 'string' },
    changelog: { type: 'string', default: join(root, 'CHANGELOG.md') },
  },
})
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
if (values.out === undefined) stop('--out FOLDER is missing')
if (values.tag !== `v${version}`) stop(`the tag ${values.tag} is not v${version}, the version in package.json`)
const notes = notesOf(readFileSync(values.changelog, 'utf8'), version)
if (notes === undefined) stop(`the changelog has no section "## [${version}]": give "Unreleased" that heading`)
if (!existsSync(join(root, 'dist'))) stop('there is no dist: run `npm run build` first')

const folder = resolve(values.out)
mkdirSync(folder, { recursive: true })
const packed = npm('pack', '--ignore-scripts', '--json', '--pack-destination', folder)
const { filename } = JSON.parse(packed)[0]

const licenses = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('licenses.txt'))
  .map((path) => readFileSync(join(root, 'dist', path), 'utf8'))
const bill = deliveredBill(JSON.parse(npm('sbom', '--sbom-format', 'cyclonedx', '--package-lock-only')), name, licenses)
const billFile = filename.replace(/\.tgz$/, '.cdx.json')
writeFileSync(join(folder, billFile), `${JSON.stringify(bill, null, 2)}\n`)

const sums = [filename, billFile].map((file) => `${sha256(join(folder, file))}  ${file}\n`)
writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''))
writeFileSync(join(folder, 'notes.md'), notes)
process.stdout.write(sums.join(''))

/** @param {string[]} args */
function npm(...args) {
  return execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
}

/** @param {string} file */
function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

/**
 * @param {string} message
 * @returns {never}
 */
function stop(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
