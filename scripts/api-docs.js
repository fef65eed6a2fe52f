import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CompilerState, Extractor, ExtractorConfig, ExtractorMessageCategory } from '@microsoft/api-extractor'
import { apiPage } from './api-docs/api-page.js'
import { formatText } from './format-text.js'

// Writes a page for each entry of the package from the built declarations: docs/reference/api.md for `warren`, and
// docs/reference/api/NAME.md for `warren/NAME`. With --check, it fails if a page is not current. It also fails if no
// entry exports a type in a signature, because a program could not name it.

const root = fileURLToPath(new URL('..', import.meta.url))
const FOLDER = join(root, 'docs/reference/api')
const checks = process.argv.includes('--check')

/**
 * Types that no program has to name: the table of the sentences of findings, and the parameter of an internal
 * constructor.
 */
const NOT_EXPORTED = new Set(['Catalogue', 'DeclaredRoutes'])

/** @type {{ exports: Record<string, string | { types: string }> }} */
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const entries = Object.entries(exports).flatMap(([path, entry]) =>
  typeof entry === 'string'
    ? []
    : [{ name: join('warren', path), declarations: join(root, entry.types.replace('./dist/', 'build/')) }],
)

const folder = mkdtempSync(join(tmpdir(), 'warren-api-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** @type {CompilerState | undefined} All entries are parts of one program, which is compiled once. */
let compilerState
/** @type {Map<string, string>} Types that an entry uses but does not export, with the entry. */
const forgotten = new Map()
/** @type {Set<string>} */
const exported = new Set()
/** @type {string[]} */
const problems = []
/** @type {Map<string, string>} */
const pages = new Map()

const names = entries.map(({ name }) => name)
for (const { name, declarations } of entries) {
  const model = extract(name, declarations)
  for (const { members } of model.members) for (const each of members) if (each.name) exported.add(each.name)
  const page = name === 'warren' ? `${FOLDER}.md` : join(FOLDER, `${basename(name)}.md`)
  pages.set(page, await formatText(page, apiPage(name, names, model)))
}
for (const [type, entry] of forgotten) {
  if (!exported.has(type) && !NOT_EXPORTED.has(type))
    problems.push(`${entry} uses the type ${type}, and no entry exports it.`)
}
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`)
  process.exit(1)
}
if (checks) check()
else write()

function check() {
  const stale = [...pages].filter(([path, text]) => textOf(path) !== text).map(([path]) => path)
  const left = written().filter((path) => !pages.has(path))
  if (stale.length + left.length === 0) return
  process.stderr.write(`not current: ${[...stale, ...left].join(', ')}; run \`npm run docs:api\`.\n`)
  process.exitCode = 1
}

function write() {
  for (const path of written()) rmSync(path)
  for (const [path, text] of pages) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}

/** @returns {string[]} The pages of entries that there are. */
function written() {
  try {
    return readdirSync(FOLDER).map((name) => join(FOLDER, name))
  } catch {
    return []
  }
}

/** @param {string} path */
function textOf(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * Creates the model of an entry, and records the faults of its signatures.
 *
 * @param {string} name
 * @param {string} declarations
 */
function extract(name, declarations) {
  const model = join(folder, `${basename(name)}.api.json`)
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(root, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: declarations,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2023',
            lib: ['es2023', 'esnext.disposable'],
            module: 'nodenext',
            types: ['node'],
            typeRoots: [join(root, 'node_modules/@types')],
            strict: true,
            exactOptionalPropertyTypes: true,
            skipLibCheck: true,
            noEmit: true,
            allowImportingTsExtensions: true,
          },
          include: entries.map((each) => each.declarations),
        },
      },
      docModel: { enabled: true, apiJsonFilePath: model },
      apiReport: { enabled: false, reportFileName: 'warren.api.md' },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
    },
  })
  compilerState ??= CompilerState.create(config, { additionalEntryPoints: entries.map((each) => each.declarations) })
  Extractor.invoke(config, {
    localBuild: true,
    compilerState,
    messageCallback(message) {
      message.handled = true
      const symbol = /The symbol "(\w+)"/.exec(message.text)?.[1]
      if (message.messageId === 'ae-forgotten-export' && symbol) forgotten.set(symbol, name)
      else if (message.category === ExtractorMessageCategory.Compiler) problems.push(message.text)
    },
  })
  return JSON.parse(readFileSync(model, 'utf8'))
}
