import { readFile } from 'node:fs/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import { freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { CASCADES } from './cascades.ts'

const page = await readFile('docs/reference/cascades.md', 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(2)
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  .map(([deleted, along, versions]) => ({ row: `${deleted}: ${along}`, versions: String(versions) }))

describe('the page of cascades', () => {
  it('has a row for each experiment, and an experiment for each row', () => {
    expect(rows.map(({ row }) => row).toSorted()).toEqual(Object.keys(CASCADES).toSorted())
  })

  it.each(rows)('describes the behavior of the broker: $row ($versions)', async ({ row, versions }) => {
    const cascade = CASCADES[row]
    if (cascade === undefined) throw new Error(`no test covers ${row}`)
    const { api } = await testBroker()
    const { username: user } = await freshUser()
    const ground = { api, vhost: await freshVhost(), user }
    const { rabbitmq_version: version } = (await api.get<{ rabbitmq_version: string }>(['overview'])) ?? {}
    onTestFinished(async () => {
      if (cascade.clean) await api.delete(cascade.clean(ground))
    })
    await cascade.make(ground)
    // For limits, the test recreates the user or virtual host.
    expect(row.includes('limits') || (await cascade.looks(ground))).toBeTruthy()

    await api.delete(cascade.remove(ground))
    const isKept = versions === 'none' || (versions !== 'all' && !isAtLeast(String(version), `${versions}.0`))
    expect(Boolean(await cascade.looks(ground))).toBe(isKept)
  })
})
