import { describe, expect, it } from 'vitest'
import { type RunChoice, selectRuns } from '../../../src/desired/workspace/select-runs.ts'
import { configOf } from './configs.ts'

const CONFIG = configOf(`
projects:
  billing: { paths: [billing] }
  shipping: { paths: [shipping], environments: [staging, prod] }
environments: { dev: {}, staging: {}, prod: {} }
defaultEnvironment: dev
`)
const WITHOUT_DEFAULT = configOf('projects: { billing: { paths: [billing] } }\nenvironments: { dev: {} }')

function runs(choice: Partial<RunChoice>, config: Parameters<typeof selectRuns>[0] = CONFIG): string[] {
  const all = {
    paths: [],
    projects: [],
    environments: [],
    allEnvironments: false,
    unnamed: 'default',
    ...choice,
  } as const
  return selectRuns(config, all).map(
    ({ project, environment, chosenBy }) => `${environment?.name ?? '-'} ${project?.name ?? '-'} ${chosenBy}`,
  )
}

describe('selectRuns', () => {
  it('makes the product of the chosen environments, in the order given, and of all projects', () => {
    expect(runs({ environments: ['prod', 'staging'] })).toEqual([
      'prod billing name',
      'prod shipping name',
      'staging billing name',
      'staging shipping name',
    ])
  })

  it('leaves out environments that a project is not deployed to', () => {
    expect(runs({ environments: ['dev', 'prod'] })).toEqual([
      'dev billing name',
      'prod billing name',
      'prod shipping name',
    ])
  })

  it('uses the default environment if none is named', () => {
    expect(runs({})).toEqual(['dev billing default'])
  })

  it('chooses no environment if none is named and there is no default', () => {
    expect(runs({}, WITHOUT_DEFAULT)).toEqual(['- billing default'])
  })

  it('uses all environments for a command without a broker', () => {
    expect(runs({ unnamed: 'all', projects: ['billing'] })).toEqual([
      'dev billing name',
      'staging billing name',
      'prod billing name',
    ])
    expect(runs({ allEnvironments: true, projects: ['shipping'] })).toEqual([
      'staging shipping name',
      'prod shipping name',
    ])
  })

  it('runs given files in an environment, without a project', () => {
    expect(runs({ paths: ['other.yaml'], environments: ['prod'] })).toEqual(['prod - name'])
  })

  it('runs without a config', () => {
    expect(
      selectRuns(undefined, { paths: [], projects: [], environments: [], allEnvironments: false, unnamed: 'all' }),
    ).toEqual([{ chosenBy: 'name' }])
  })

  it.each([
    [{ environments: ['stagin'] }, 'warren.config.yaml has no environment "stagin"', 'did you mean "staging"?'],
    [{ projects: ['mail'] }, 'warren.config.yaml has no project "mail"', 'it has "billing", "shipping"'],
    [
      { projects: ['shipping'], environments: ['dev'] },
      'the project "shipping" is not deployed to any of the chosen environments',
      'it is deployed to "staging", "prod"',
    ],
    [
      { projects: ['billing'], paths: ['a.yaml'] },
      '--project and paths exclude each other',
      'name projects of warren.config.yaml, or files and folders',
    ],
    [
      { environments: ['dev'], allEnvironments: true },
      '--all-environments and --environment exclude each other',
      'leave out one of the two',
    ],
  ])('refuses %j', (choice, message, hint) => {
    expect(() => runs(choice)).toThrow(expect.objectContaining({ message, hint, code: 'INVALID_USAGE' }))
  })

  it.each([
    [{ projects: ['a'] }, '--project'],
    [{ environments: ['a'] }, '--environment'],
    [{ allEnvironments: true }, '--all-environments'],
  ])('refuses %j without a config', (choice, option) => {
    const all = {
      paths: [],
      projects: [],
      environments: [],
      allEnvironments: false,
      unnamed: 'default',
      ...choice,
    } as const

    expect(() => selectRuns(undefined, all)).toThrow(`${option} needs a config, and there is none`)
  })
})
