import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROOT } from '../support/command-line.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warren-bash-'))
  await symlink(process.execPath, join(folder, 'node'))
  await writeFile(join(folder, 'warren'), `#!/bin/sh\nexec node ${ROOT}dist/cli/main.js "$@"\n`, { mode: 0o755 })
  await writeFile(join(folder, 'shop.yaml'), 'warren: 1\nproject: shop\nvhost: /shop\nqueues:\n  invoices:\n')
  await writeFile(
    join(folder, 'warren.config.yaml'),
    'warrenConfig: 1\nprojects:\n  shop: { paths: [shop.yaml] }\nenvironments:\n  staging: { url: "http://localhost:1" }\n',
  )
})
afterAll(() => rm(folder, { recursive: true }))

/** The text that bash would insert for the last word, or for its part after `:` or `=`. */
async function completedByBash(lines: readonly string[]): Promise<string[]> {
  const script = `
    source <(warren completion bash)
    for line in "$@"; do
      COMP_LINE=$line COMP_POINT=\${#line}
      _warren
      echo "\${COMPREPLY[*]}"
    done`
  const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-c', script, 'bash', ...lines], {
    cwd: folder,
    env: { PATH: `${folder}:${process.env['PATH']}` },
  })
  expect(stderr).toBe('')
  return stdout.trimEnd().split('\n')
}

it('completes commands, environments and addresses in bash, without evaluating typed text', async () => {
  expect(
    await completedByBash([
      'warren expl',
      'warren plan -e s',
      'warren plan --environment=s',
      'warren plan --target queue:%2Fshop/i',
      'warren plan --allow delete=queue:%2Fshop/i',
      'warren plan $(touch evaluated) --targ',
    ]),
  ).toEqual(['explain', 'staging', 'staging', '%2Fshop/invoices', '%2Fshop/invoices', '--target'])
  await expect(rm(join(folder, 'evaluated'))).rejects.toThrow('ENOENT')
})
