import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { ROOT } from '../support/command-line.ts'

/** One shell step of a pipeline, with its own variables. */
export interface Step {
  readonly script: string
  readonly environment: Readonly<Record<string, string>>
}

export function readExample(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

interface ActionStep {
  readonly name: string
  readonly run: string
  readonly env: Readonly<Record<string, string>>
}

/** The steps of the composite action, by their names, with the inputs filled in. */
export function actionSteps(inputs: Readonly<Record<string, string>>): ReadonlyMap<string, Step> {
  const action = parse(readExample('action.yml')) as {
    readonly inputs: Readonly<Record<string, { readonly default?: string }>>
    readonly runs: { readonly steps: readonly ActionStep[] }
  }
  return new Map(
    action.runs.steps.map(({ name, run, env }) => {
      const filled = Object.entries(env).map(([variable, expression]) => {
        const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(expression)?.[1] ?? ''
        return [variable, inputs[input] ?? action.inputs[input]?.default ?? ''] as const
      })
      return [name, { script: run, environment: Object.fromEntries(filled) }]
    }),
  )
}

/** The script of a job of GitLab, after that of the defaults, as one shell runs them. */
export function gitlabScript(job: string): string {
  const pipeline = parse(readExample('deploy/gitlab/.gitlab-ci.yml')) as Readonly<
    Record<string, { readonly script: readonly string[]; readonly before_script: readonly string[] }>
  >
  return ['set -e', ...(pipeline['default']?.before_script ?? []), ...(pipeline[job]?.script ?? [])].join('\n')
}

/** The scripts of a Jenkinsfile, in their order. */
export function jenkinsScripts(): readonly string[] {
  const scripts = readExample('deploy/jenkins/Jenkinsfile').matchAll(/sh '''([^]*?)'''/g)
  return [...scripts].map(([, script = '']) => `set -e\n${script}`)
}

/** The bash steps of a stage of Azure Pipelines. */
export function azureScripts(stage: 'Plan' | 'Apply'): readonly string[] {
  const { stages } = parse(readExample('deploy/azure/azure-pipelines.yml')) as { stages: readonly { stage: string }[] }
  return bashSteps(stages.find((each) => each.stage === stage))
}

function bashSteps(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  if ('bash' in value) return [`set -e\n${String(value.bash)}`]
  return Object.values(value).flatMap(bashSteps)
}

/** The command line of the container of a Job or a CronJob. */
export function containerCommand(path: string): readonly string[] {
  const container = containerIn(parse(readExample(path))) ?? { command: [], args: [] }
  return [...container.command, ...container.args]
}

interface Container {
  readonly command: readonly string[]
  readonly args: readonly string[]
}

function containerIn(value: unknown): Container | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if ('containers' in value) return (value.containers as readonly Container[])[0]
  return Object.values(value)
    .map(containerIn)
    .find((found) => found !== undefined)
}
