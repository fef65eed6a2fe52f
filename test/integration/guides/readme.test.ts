import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { amqpUrl, freshVhost } from '../support/brokers/broker.ts'
import { ROOT, warren } from '../support/command-line.ts'

const README = await readFile(join(ROOT, 'README.md'), 'utf8')
const EXAMPLES = join(ROOT, 'test/readme')

/** The code blocks of the README in a language, without the ends of lines that the formatter may have changed. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text]) =>
    String(text),
  )
}

/**
 * Runs an example of the README as a separate program, in a folder of the project, so that it can import the built
 * package by its name.
 */
async function run(
  name: string,
  vhost: string,
): Promise<{ child: ChildProcess; output: () => string; ended: Promise<number | null> }> {
  await mkdir(join(ROOT, '.warren'), { recursive: true })
  const folder = await mkdtemp(join(ROOT, '.warren/readme-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const topology = await readFile(join(EXAMPLES, 'topology.yaml'), 'utf8')
  await writeFile(join(folder, 'topology.yaml'), `${topology}vhost: ${vhost}\n`)
  await cp(join(EXAMPLES, `${name}.mjs`), join(folder, `${name}.mjs`))
  const child = spawn(process.execPath, [`${name}.mjs`], {
    cwd: folder,
    env: { PATH: process.env['PATH'], WARREN_AMQP_URL: await amqpUrl(vhost) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => void (text += part))
  const ended = new Promise<number | null>((resolve) => void child.once('close', resolve))
  return { child, output: () => text, ended }
}

describe('the README', () => {
  it('shows the examples that are run here', async () => {
    const example = (name: string) => readFile(join(EXAMPLES, name), 'utf8')

    expect(blocks('yaml')).toEqual([await example('topology.yaml')])
    expect(blocks('js')).toEqual([await example('publish.mjs'), await example('consume.mjs')])
  })

  it('shows the plan that warren prints', async () => {
    const vhost = await freshVhost()
    const { stdout } = await warren(['plan', 'test/readme/topology.yaml', '--vhost', `/=${vhost}`])
    const shown = blocks('console')
      .flatMap((block) => block.split(/^\$ .*\n/m))
      .find((text) => text.startsWith('Broker'))
    const plain = (text = '') =>
      text
        .replace(/^Broker .*$/m, 'Broker')
        .replace(/digest .*$/m, 'digest')
        .replace(/^Digest .*$/m, 'Digest')
        .replaceAll('test/readme/', '')
        .replaceAll(vhost, '/')
        .trimEnd()

    expect(plain(shown)).toBe(plain(stdout))
  })

  it('publishes and consumes', async () => {
    const vhost = await freshVhost()
    expect(await warren(['apply', '-y', 'test/readme/topology.yaml', '--vhost', `/=${vhost}`])).toMatchObject({
      code: 0,
    })
    const consumer = await run('consume', vhost)
    const publisher = await run('publish', vhost)

    expect([await publisher.ended, publisher.output()]).toEqual([0, ''])
    await expect
      .poll(consumer.output, { timeout: 180_000 })
      .toMatch(/sending \(attempt 1\) \{ task_id: 'email-1', recipient: 'ann@example\.com' \}/)
    consumer.child.kill('SIGTERM')
    expect(await consumer.ended).toBe(0)
  })
})
