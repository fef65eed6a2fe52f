import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { apply, applySaved, formatReport, formatSavedPlan, plan, show, undoPlan } from '../../../src/index.ts'
import { guideBlocks } from '../../guide-blocks.ts'
import { findDrift } from '../../guides/library/find-drift.ts'
import { planForReview } from '../../guides/library/review.ts'
import { withTopology } from '../../guides/library/with-topology.ts'
import { freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'

const TOPOLOGY = join(import.meta.dirname, '../../guides/library/topology.yaml')

describe('the guide to the library', () => {
  it('has examples that plan for a review, set up a topology for a test, and find drift', async () => {
    const { api, managementUrl: url, username: user, password } = await testBroker()
    const vhost = await freshVhost()
    await workIn({ 'topology.yaml': (await readFile(TOPOLOGY, 'utf8')).replace('vhost: shop', `vhost: ${vhost}`) })
    const connection = { url, user, password }

    const review = await planForReview(url, user, password)
    await workIn({ 'topology.yaml': await readFile(TOPOLOGY, 'utf8') })
    const drift: string[][] = []
    await withTopology(connection, vhost, async () => {
      drift.push(await findDrift(connection, vhost))
      await api.delete(['queues', vhost, 'invoices'])
      drift.push(await findDrift(connection, vhost))
    })

    expect(review).toEqual({
      comment: expect.stringContaining('+  type: quorum'),
      savedPlan: expect.stringContaining(`queue:${vhost}/invoices`),
    })
    expect(drift).toEqual([[], [`create queue:${vhost}/invoices`, expect.stringContaining('create binding:')]])
    expect(await findDrift(connection, vhost)).toHaveLength(3)
  })

  it('shows the examples that run here', async () => {
    const blocks = await guideBlocks('library.md')
    expect(blocks.map(({ file, text }) => ({ file, text }))).toEqual(
      blocks.map(({ file, inFile }) => ({ file, text: inFile })),
    )
  })
})

describe('the library', () => {
  it('saves, applies and undoes a plan with a password, and shows the password nowhere', async () => {
    const { api, managementUrl: url, username: user, password } = await testBroker()
    const vhost = await freshVhost()
    const worker = freshName('user')
    onTestFinished(() => api.delete(['users', worker]))
    await workIn({
      'topology.yaml': `warren: 1\nproject: ${vhost}\nvhost: ${vhost}\nusers:\n  ${worker}: { password: "\${env:WORKER}" }\n`,
    })
    const broker = { connection: { url, user, password } }
    const environment = { WORKER: 'w0rker-pa55word' }

    const planned = await plan({ paths: ['topology.yaml'], environment, ...broker })
    await writeFile('plan.json', formatSavedPlan(planned))
    const applied = await applySaved({ saved: await show('plan.json'), environment, ...broker })
    const undo = await undoPlan({ applied, ...broker })
    const again = await apply({ paths: ['topology.yaml'], environment, ...broker })

    expect(formatReport(applied)).toBe('Applied  1 done\n')
    expect(JSON.parse(undo)).toMatchObject({ changes: [{ action: 'delete', address: `user:${worker}` }] })
    expect(again).toMatchObject({ stopped: 'nothing-to-do' })
    const shown = [planned, applied, again].map((each) => inspect(each, { depth: 20 }) + JSON.stringify(each)).join('')
    expect(shown + undo + (await readFile('plan.json', 'utf8'))).not.toContain('pa55word')
  })
})

/** Changes into a folder with these files, until the test is over. */
async function workIn(files: Readonly<Record<string, string>>): Promise<void> {
  const before = process.cwd()
  const folder = await mkdtemp(join(tmpdir(), 'warren-library-'))
  onTestFinished(async () => {
    process.chdir(before)
    await rm(folder, { recursive: true })
  })
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  process.chdir(folder)
}
