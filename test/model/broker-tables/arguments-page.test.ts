import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { formatText } from '../../../scripts/format-text.js'
import { argumentsPage } from './arguments-page.ts'

const PAGE = fileURLToPath(new URL('../../../docs/reference/arguments.md', import.meta.url))

it('docs/reference/arguments.md is written from the tables; npx vitest run test/model -u writes it', async () => {
  const page = await formatText(PAGE, argumentsPage())

  await expect(page).toMatchFileSnapshot(PAGE)
})
