import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { amqpUrl, freshVhost } from '../support/brokers/broker.ts'
import { ROOT } from '../support/command-line.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'
import { partsOf, plain } from './guide-story.ts'

const EXAMPLES = join(ROOT, 'test/guides/first-topology')
const PAGE = await readFile(join(ROOT, 'docs/tutorials/first-topology.md'), 'utf8')

/**
 * A project with the topology in its own vhost, in a folder where programs can import the built package by its name.
 */
async function project(vhost: string): Promise<string> {
  await mkdir(join(ROOT, '.warren'), { recursive: true })
  const folder = await mkdtemp(join(ROOT, '.warren/tutorial-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await cp(EXAMPLES, folder, { recursive: true })
  const topology = await readFile(join(EXAMPLES, 'topology.yaml'), 'utf8')
  await writeFile(join(folder, 'topology.yaml'), `${topology}vhost: ${vhost}\n`)
  return folder
}

/** Runs a program of the tutorial. Both of its streams go to one file, which keeps the order of the lines. */
async function start(name: string, folder: string, url: string) {
  const path = join(folder, `${name}.log`)
  const log = await open(path, 'w')
  const env = { PATH: process.env['PATH'], WARREN_AMQP_URL: url }
  const child = spawn(process.execPath, [`${name}.mjs`], { cwd: folder, env, stdio: ['ignore', log.fd, log.fd] })
  await log.close()
  const ended = once(child, 'exit')
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, ended, output: () => readFile(path, 'utf8') }
}

/** The output of a command, from the line on at which the page begins. */
function shownPart(printed: string, shown: string): string {
  const [first, ...rest] = shown.split('\n')
  return first === '…' ? `…\n${printed.split('\n').slice(-rest.length).join('\n')}` : printed
}

/** Removes times, which differ in every run. */
function withoutTimes(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
}

describe('the tutorial', () => {
  it('shows the files that are run here', async () => {
    const shown = [...PAGE.matchAll(/<!-- test\/guides\/first-topology\/(\S+) -->\n\n```\w+\n([^]*?)```/g)]

    expect(shown.map(([, name]) => name)).toEqual(['topology.yaml', 'worker.mjs', 'publish.mjs'])
    for (const [, name = '', text] of shown) expect(text).toBe(await readFile(join(EXAMPLES, name), 'utf8'))
  })

  it('shows what the commands and programs print', async () => {
    const vhost = await freshVhost()
    const folder = await project(vhost)
    const url = await amqpUrl(vhost)
    const commands = partsOf(PAGE).flatMap((part) => (part.kind === 'command' ? [part] : []))
    const look = commands.at(-1)
    const run = async ({ args, output }: (typeof commands)[number]) => {
      const { code, stdout } = await warren(args, { folder, environment: { NO_COLOR: '1', WARREN_AMQP_URL: url } })
      const there = stdout.replaceAll(`queue:${vhost}/`, 'queue:%2F/').replaceAll(vhost, '/')
      return [args.join(' '), code, withoutTimes(shownPart(plain(there), plain(output)))]
    }
    const happened: unknown[] = []

    for (const command of commands.slice(0, -1)) happened.push(await run(command))
    const worker = await start('worker', folder, url)
    const publisher = await start('publish', folder, url)
    await publisher.ended
    await until(async () => (await worker.output()).includes('dead-lettered'), 'the dead letter')
    if (look) happened.push(await run(look))
    worker.child.kill('SIGTERM')

    expect(happened).toEqual(
      commands.map(({ args, code, output }) => [args.join(' '), code, withoutTimes(plain(output))]),
    )
    expect(await publisher.output()).toBe('published 2 emails\n')
    expect(await worker.output()).toBe(/```text\n([^]*?)```/.exec(PAGE)?.[1])
    expect(await worker.ended).toEqual([0, null])
  })
})
