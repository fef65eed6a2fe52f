import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadTopology } from '../src/desired/load/load-topology.ts'
import { topology, vhost } from './builders/objects.ts'
import { planOf } from './builders/plan-of.ts'

const ROOT = join(import.meta.dirname, '..')

it.each([
  ['README.md', 'test/readme/topology.yaml'],
  ['docs/tutorials/first-topology.md', 'test/guides/first-topology/topology.yaml'],
])('%s shows the digest that a reader gets on a new broker', async (page, file) => {
  const { desired } = await loadTopology({ paths: [join(ROOT, file)], environment: {} })
  if (desired === undefined) throw new Error(`${file} is not valid`)
  const { digest } = planOf(topology({ vhosts: [vhost('/')] }), desired.topology, { project: desired.project })
  const text = await readFile(join(ROOT, page), 'utf8')

  expect(/^Digest {3}([0-9a-f]{64})$/m.exec(text)?.[1]).toBe(digest)
  expect(/digest ([0-9a-f]{8})…$/m.exec(text)?.[1]).toBe(digest.slice(0, 8))
})
