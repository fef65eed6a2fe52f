import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Extractor, ExtractorConfig, ExtractorMessageCategory } from '@microsoft/api-extractor'
import { format, resolveConfig } from 'prettier'
import { apiPage } from './api-docs/api-page.js'

// Writes docs/reference/api.md from the declarations that were built, or, with --check, fails where the page is not current.
// It also fails where a type in a signature is not exported, since a program could not name it.

const root = fileURLToPath(new URL('..', import.meta.url))
const PAGE = join(root, 'docs/reference/api.md')
const checks = process.argv.includes('--check')

/** Types that no program has to name: the sentences of the findings, by their codes. */
const NOT_EXPORTED = new Set(['Catalogue'])

const folder = mkdtempSync(join(tmpdir(), 'warren-api-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const model = join(folder, 'warren.api.json')

const problems = extract()
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\nExport these types from src/index.ts.\n`)
  process.exit(1)
}
const markdown = apiPage(JSON.parse(readFileSync(model, 'utf8')))
const page = await format(markdown, { ...(await resolveConfig(PAGE)), parser: 'markdown' })
if (!checks) writeFileSync(PAGE, page)
else if (readFileSync(PAGE, 'utf8') !== page) {
  process.stderr.write('docs/reference/api.md is not current: run `npm run docs:api`.\n')
  process.exitCode = 1
}

/** Makes the model of the library, and lists what is wrong with its signatures. */
function extract() {
  /** @type {string[]} */
  const messages = []
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(root, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, 'build/index.d.ts'),
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
          include: ['build/index.d.ts'],
        },
      },
      docModel: { enabled: true, apiJsonFilePath: model },
      apiReport: { enabled: false, reportFileName: 'warren.api.md' },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
    },
  })
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback(message) {
      message.handled = true
      const symbol = /The symbol "(\w+)"/.exec(message.text)?.[1]
      const isForgotten = message.messageId === 'ae-forgotten-export' && !NOT_EXPORTED.has(symbol ?? '')
      if (isForgotten || message.category === ExtractorMessageCategory.Compiler) messages.push(message.text)
    },
  })
  return messages
}
