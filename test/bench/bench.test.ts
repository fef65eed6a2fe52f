import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { connectionVariables } from '../../src/testing/index.ts'
import { testBroker } from '../integration/support/brokers/broker.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const BENCH = fileURLToPath(new URL('../../bench/run.js', import.meta.url))

interface Row {
  readonly work: string
  readonly subject: string
  readonly samples: readonly Readonly<Record<string, number>>[]
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warren-bench-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Runs the bench, and returns what it printed and the results that it wrote. */
async function bench(...args: string[]) {
  return benchWith({}, ...args)
}

async function benchWith(broker: Readonly<Record<string, string>>, ...args: string[]) {
  const env = { ...process.env, ...broker }
  const { stdout } = await run(process.execPath, [BENCH, '--out', join(folder, 'out'), ...args], { env })
  const names = await readdir(join(folder, 'out'))
  const read = (ending: string) =>
    readFile(join(folder, 'out', names.find((name) => name.endsWith(ending)) ?? ''), 'utf8')
  const [text, json] = [await read('.md'), await read('.json')]
  return { stdout, text, results: JSON.parse(json) as { quick: boolean; rows: Row[] } }
}

describe('the bench', () => {
  it('measures start-up and loading in a quick run without judging goals', async () => {
    const { stdout, text, results } = await bench('--quick', '--part', 'start', '--part', 'load')

    expect(stdout).toContain(text)
    expect(text).not.toContain('## Goals')
    expect(results.rows.map(({ work, subject }) => `${work}: ${subject}`)).toEqual([
      'start: node -e 0',
      'start: warren --version',
      'start: warren validate',
      'load, 200 objects: yaml',
      'load, 200 objects: warren',
      'load, 200 objects: warren, the same as JSON',
      'load, 200 objects: warren, compiled topology',
      'plan without a broker, 200 objects: warren, all new',
      'plan without a broker, 200 objects: warren, nothing to do',
      'plan without a broker, 200 objects: warren, 1 % changed',
    ])
    const times = results.rows
      .flatMap(({ samples }) => samples)
      .map(({ seconds, milliseconds }) => seconds ?? milliseconds)
    expect(times.every((time) => time !== undefined && time > 0)).toBe(true)
  })

  it('measures only the selected programs on a broker in a quick run', { timeout: 600_000 }, async () => {
    const subjects = ['bare requests', 'warren', 'amqplib', 'nothing else', 'warren apply']
    const parts = ['provisioning', 'runtime', 'gentleness']

    const { results } = await benchWith(
      connectionVariables(await testBroker()),
      '--quick',
      ...parts.flatMap((part) => ['--part', part]),
      ...subjects.flatMap((subject) => ['--subject', subject]),
    )

    expect(results.rows.filter(({ subject }) => subject.startsWith('warren')).map(({ work }) => work)).toEqual([
      ...[
        'plan, all new',
        'apply, all new',
        'plan, nothing to do',
        'plan, 1 % changed',
        'apply, 1 % changed',
        'delete all',
      ].map((work) => `${work}, 10 queues + 10 bindings`),
      'publish, classic',
      'consume, classic',
      'publish, quorum',
      'consume, quorum',
      'publish, window 10',
      'publish, 10,000 bytes',
      'consume, 1,000,000 bytes',
      'request and reply, classic',
      'request and reply one by one, classic',
      'start to the first confirm',
      'latency at 2,000 messages/s, classic',
      'latency at 2,000 messages/s, quorum',
      'confirms of a publisher at 500 messages/s during an apply of 40 objects',
    ])
    expect(new Set(results.rows.map(({ subject }) => subject))).toEqual(
      new Set([...subjects, '4 at a time', '16 at a time']),
    )
  })

  it('combines the rounds of several runs, and reports how far a goal is missed', async () => {
    const row = (subject: string, ...seconds: number[]) => ({
      part: 'provisioning',
      on: 'RabbitMQ 4.3.6',
      work: 'apply, all new, 10,000 queues + 10,000 bindings',
      subject,
      reference: subject === 'bare requests',
      samples: seconds.map((each) => ({ seconds: each })),
    })
    const first = [row('bare requests', 10, 20), row('warren', 12, 22), row('definitions import', 24, 44)]
    const second = [row('bare requests', 10), row('warren', 13), row('definitions import', 13)]
    await writeFile(join(folder, 'first.json'), JSON.stringify({ rows: first }))
    await writeFile(join(folder, 'second.json'), JSON.stringify({ rows: second }))

    const { text } = await bench('--merge', join(folder, 'first.json'), '--merge', join(folder, 'second.json'))

    const lines = text.split('\n')
    expect(lines.filter((line) => line.startsWith('| apply') || line.startsWith('| warren'))).toEqual([
      '| apply, all new, 10,000 queues + 10,000 bindings: time of the bare writes at the best concurrency | RabbitMQ 4.3.6 | at most 1.15 | 1.20 | missed by 4 % |',
      '| apply, all new, 10,000 queues + 10,000 bindings: speed against the definitions import | RabbitMQ 4.3.6 | at least 1.3 | 2.00 | met |',
      '| warren | 3 | 13.00 (12.00 to 22.00) | 1.20 |',
    ])
  })

  it('refuses an unknown part', async () => {
    await expect(bench('--part', 'everything')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no part everything: choose from start, load') as string,
    })
  })
})
