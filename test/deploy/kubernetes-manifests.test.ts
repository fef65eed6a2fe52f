import { readFile } from 'node:fs/promises'
import { Deployment } from 'kubernetes-models/apps/v1'
import { CronJob, Job } from 'kubernetes-models/batch/v1'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { runCommandLine } from '../../src/cli/run-command-line.ts'
import { silentProcess } from '../builders/silent-io.ts'
import { compilePrograms } from '../insight/types/compile-programs.ts'

const FILES = ['deploy/argo-cd/sync-hook.yaml', 'deploy/flux/cronjob.yaml', 'deploy/kubernetes/drift.yaml'] as const

/** The types of Kubernetes in these files, by kind. */
const KINDS = {
  Deployment: { type: 'IDeployment', from: 'kubernetes-models/apps/v1', Model: Deployment },
  Job: { type: 'IJob', from: 'kubernetes-models/batch/v1', Model: Job },
  CronJob: { type: 'ICronJob', from: 'kubernetes-models/batch/v1', Model: CronJob },
} as const

interface Container {
  readonly command: readonly string[]
  readonly args: readonly string[]
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[]
  readonly livenessProbe?: { readonly httpGet: { readonly path: string; readonly port: string } }
  readonly readinessProbe?: { readonly httpGet: { readonly path: string; readonly port: string } }
}

interface Manifest {
  readonly kind: keyof typeof KINDS
  readonly [key: string]: unknown
}

const manifests = await Promise.all(
  FILES.map(async (path) => ({ path, manifest: parse(await readFile(path, 'utf8')) as Manifest })),
)

/** All containers anywhere in a manifest. */
function containersOf(value: unknown): readonly Container[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) =>
    key === 'containers' ? (each as Container[]) : containersOf(each),
  )
}

/** A program that the compiler refuses if a manifest does not have the type of its kind. */
function program(manifest: Manifest): string {
  const { type, from } = KINDS[manifest.kind]
  return `import type { ${type} } from '${from}'\nexport const manifest: ${type} = ${JSON.stringify(manifest)}\n`
}

async function helpOf(command: string): Promise<string> {
  let help = ''
  const out = (text: string) => void (help += text)
  expect(await runCommandLine([command, '--help'], silentProcess({ out }))).toBe(0)
  return help
}

describe('the manifests for Kubernetes', () => {
  it('have the properties of their kinds, and no others', async () => {
    const [{ manifest: first }] = manifests as [(typeof manifests)[number]]
    const misspelled = JSON.parse(JSON.stringify(first).replace('"envFrom"', '"envForm"')) as Manifest
    const errors = await compilePrograms({
      ...Object.fromEntries(manifests.map(({ manifest }, index) => [`manifest-${index}.ts`, program(manifest)])),
      'misspelled.ts': program(misspelled),
    })

    expect(errors['misspelled.ts']).toEqual([expect.stringContaining('"envForm"')])
    for (const [index, { path }] of manifests.entries())
      expect([path, errors[`manifest-${index}.ts`]]).toEqual([path, []])
  })

  it.each(manifests)('have valid values: $path', ({ manifest }) => {
    const { Model } = KINDS[manifest.kind]
    expect(() => new Model(manifest as never).validate()).not.toThrow()
  })

  it.each(manifests)('run warren with options that it has: $path', async ({ manifest }) => {
    const containers = containersOf(manifest)
    expect(containers.length).toBeGreaterThan(0)
    for (const { command, args } of containers) {
      expect(command).toEqual(['warren'])
      const help = await helpOf(String(args[0]))
      const options = args.filter((each) => each.startsWith('--'))
      expect(options.filter((option) => !new RegExp(`^\\s+(-\\w, )?${option}\\b`, 'm').test(help))).toEqual([])
    }
  })

  it('ask the drift service on the port where it listens, at the paths that it has', async () => {
    const service = manifests.find(({ path }) => path.includes('drift'))
    const [{ args, ports = [], livenessProbe, readinessProbe }] = containersOf(service?.manifest) as [Container]
    const listening = args[args.indexOf('--listen') + 1]

    expect(ports).toEqual([{ name: 'metrics', containerPort: Number(String(listening).replace(':', '')) }])
    expect([livenessProbe?.httpGet, readinessProbe?.httpGet]).toEqual([
      { path: '/healthz', port: 'metrics' },
      { path: '/readyz', port: 'metrics' },
    ])
    expect((await helpOf('drift')).replaceAll(/\s+/g, ' ')).toContain('/metrics, /healthz and /readyz')
  })
})
