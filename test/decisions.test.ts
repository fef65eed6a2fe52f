import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { INSTEAD } from './architecture/rooms.ts'

it('gives a reason in docs/decisions for every package that warren loads', async () => {
  const reasons = await readFile(new URL('../docs/decisions/README.md', import.meta.url), 'utf8')
  const loaded = [
    ...Object.keys(manifest.dependencies),
    ...Object.keys(INSTEAD).filter((name) => !name.startsWith('node:')),
  ]

  // `ajv-formats` is a part of ajv in a separate package.
  expect(loaded.filter((name) => !reasons.includes(`\`${name.replace(/-formats$/, '')}\``))).toEqual([])
})
