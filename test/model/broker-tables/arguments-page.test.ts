import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { expect, it } from 'vitest'
import { argumentsPage } from './arguments-page.ts'

const PAGE = fileURLToPath(new URL('../../../docs/reference/arguments.md', import.meta.url))

it('docs/reference/arguments.md is written from the tables; npx vitest run test/model -u writes it', async () => {
  const page = await format(argumentsPage(), { ...(await resolveConfig(PAGE)), parser: 'markdown' })

  await expect(page).toMatchFileSnapshot(PAGE)
})
