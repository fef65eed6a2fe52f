import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCommandLine } from '../../../src/cli/run-command-line.ts'
import { silentProcess } from '../../builders/silent-io.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** The pictures in the documentation, the topologies that they show, and the pages on which they are. */
const PICTURES = [
  { picture: 'topic-events.svg', topology: 'topologies/topic-events.yaml', page: 'README.md' },
  {
    picture: 'guide-retry-queue.svg',
    topology: 'topologies/guide-retry-queue.yaml',
    page: 'docs/how-to/from-the-python-guide.md',
  },
  { picture: 'shop.svg', topology: 'test/guides/graph/topology.yaml', page: 'docs/how-to/graph.md' },
] as const

describe('the pictures in the documentation', () => {
  it.each(PICTURES)(
    'draws $picture as warren graph does, and shows it in $page',
    async ({ picture, topology, page }) => {
      let stdout = ''
      const io = silentProcess({ out: (text) => void (stdout += text) })
      const args = ['graph', '--no-config', join(ROOT, topology), '--format', 'svg']

      expect(await runCommandLine(args, io)).toBe(0)

      // To renew it: node dist/cli/main.js graph TOPOLOGY --no-config --format svg --out docs/pictures/PICTURE
      expect(await readFile(join(ROOT, 'docs/pictures', picture), 'utf8')).toBe(stdout)
      expect(await readFile(join(ROOT, page), 'utf8')).toContain(`pictures/${picture})`)
    },
  )
})
