import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { importOptional } from '../../src/diagnostics/import-optional.ts'

const require = createRequire(import.meta.url)

function notFound(code: string, name: string): Error {
  return Object.assign(new Error(`Cannot find package '${name}' imported from /app/warren.js`), { code })
}

describe('importOptional', () => {
  it('returns the module of a package that is installed', async () => {
    expect(await importOptional('yaml', 'the test', () => import('yaml'))).toHaveProperty('parse')
  })

  it('names a missing package and the command that installs it, whether it was imported or required', async () => {
    const required = async () => require('no-such-package') as unknown
    const imported = () => Promise.reject(notFound('ERR_MODULE_NOT_FOUND', 'no-such-package'))

    for (const load of [required, imported]) {
      await expect(importOptional('no-such-package', '`warren types`', load)).rejects.toMatchObject({
        name: 'MissingPackageError',
        code: 'MISSING_PACKAGE',
        package: 'no-such-package',
        message: '`warren types` needs the package no-such-package, which is not installed',
        hint: 'install it next to warren: npm install --save-dev no-such-package',
      })
    }
  })

  it('passes on what an installed package throws, such as a missing dependency', async () => {
    const faults = [notFound('ERR_MODULE_NOT_FOUND', 'another'), new SyntaxError('a broken file')]
    for (const fault of faults) {
      await expect(importOptional('package', 'the test', () => Promise.reject(fault))).rejects.toBe(fault)
    }
  })
})
