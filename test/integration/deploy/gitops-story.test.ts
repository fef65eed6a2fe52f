import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { type ConfiguredNode, configuredNode } from '../support/brokers/configured-node.ts'
import { freePorts } from '../../../src/testing/throwaway/node/free-ports.ts'
import { files, ROOT } from '../support/command-line.ts'

let staging: ConfiguredNode
let prod: ConfiguredNode
beforeAll(async () => {
  ;[staging, prod] = await Promise.all([configuredNode({}), configuredNode({})])
})

function variables(name: string, { managementUrl, amqpPort, login }: ConfiguredNode) {
  return {
    [`${name}_URL`]: managementUrl,
    [`${name}_AMQP_URL`]: `amqp://127.0.0.1:${amqpPort}`,
    [`${name}_USER`]: login.username,
    [`${name}_PASSWORD`]: login.password,
  }
}

it('deploys a repository of three projects to two environments, from the first merge to a moved queue', async () => {
  const folder = await files({})
  await cp(join(ROOT, 'examples/gitops'), folder, { recursive: true })
  await mkdir(join(folder, '.git'))
  const program = join(folder, 'bin/warren')
  await mkdir(join(folder, 'bin'))
  await writeFile(program, `#!/bin/sh\nexec ${process.execPath} ${join(ROOT, 'dist/cli/main.js')} "$@"\n`)
  await chmod(program, 0o755)
  const [closed] = await freePorts(1)

  const env = {
    HOME: process.env['HOME'],
    PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    CLOSED_URL: `http://127.0.0.1:${closed}`,
    ...variables('STAGING', staging),
    ...variables('PROD', prod),
  }
  const story = join(ROOT, 'test/integration/deploy/gitops-story.sh')
  const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile('bash', [story], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, output: stdout + stderr })
    })
  })

  expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/A queue moves to another project.*\n$/) })
})
