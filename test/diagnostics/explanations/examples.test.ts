import { describe, expect, it } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { folderWith } from '../../desired/load/folder.ts'
import { loadTopology } from '../../../src/desired/load/load-topology.ts'
import { EXAMPLES } from '../../../src/diagnostics/explanations/examples.ts'

describe('the example of an explanation', () => {
  it.each(Object.entries(EXAMPLES))('is an example of its finding: %s', async (code, text) => {
    const path = join(await folderWith({}), 'topology.yaml')
    await writeFile(path, `${text}\n`)

    const { findings } = await loadTopology({ paths: [path], environment: {} })

    expect(findings.map((each) => each.code)).toContain(code)
  })
})
