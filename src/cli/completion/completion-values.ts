import type { SelectedRun } from '../../operations/workspace/select-workspace-runs.ts'
import { addressOf } from '../../model/address.ts'
import { KINDS, objectsOf, type Topology } from '../../model/topology.ts'
import type { ExplanationKind } from '../../render/explanations-text.ts'
import { chooseRuns } from '../options/chosen-runs.ts'
import { FORMATS } from '../options/formats.ts'
import type { Io } from '../output/io.ts'
import type { ValuePlace, ValuesOf } from './complete-words.ts'

/**
 * Lists the values of options and arguments: formats, codes, the projects and environments of the config, and the
 * addresses that the files declare. It does not connect to a broker, and invalid files provide no values.
 */
export function completionValues(io: Io): ValuesOf {
  return async (place) => {
    try {
      return await valuesOf(place, io)
    } catch {
      return []
    }
  }
}

async function valuesOf(place: ValuePlace, io: Io): Promise<readonly string[]> {
  switch (place.name) {
    case '--format':
    case '--group-by':
    case '--kind':
      return wordsListed(place.description)
    case '--report':
      return FORMATS.map((format) => `${format}=`)
    case '--environment':
      return (await configuredRuns(place, io)).flatMap(({ environment }) => environment?.name ?? [])
    case '--project':
      return (await configuredRuns(place, io)).flatMap(({ project }) => project?.name ?? [])
    case '--confirm':
      return confirmedNames(place, io)
    case '--target':
    case '--exclude':
    case 'addresses':
      return declaredAddresses(place, io)
    case '--migrate':
      return (await declaredAddresses(place, io)).filter((each) => each.startsWith('queue:'))
    case '--rebind':
      return (await declaredAddresses(place, io)).filter((each) => each.startsWith('exchange:'))
    case '--allow': {
      // An id consists of a rule and the rest of an address.
      if (place.command === 'breaking') return (await codesOfKind('breaking')).map((rule) => `${rule}:`)
      const addresses = await declaredAddresses(place, io)
      return ['create', 'delete', 'replace'].flatMap((step) => addresses.map((each) => `${step}=${each}`))
    }
    case 'code':
      return codesOfKind()
    default:
      return []
  }
}

/** The words that a description lists: `text or json`, `only exchange, queue or route; repeatable`. */
function wordsListed(description: string): readonly string[] {
  const [list = ''] = description.split(/ \(|;/)
  return list.replace(/^only /, '').split(/, | or /)
}

/** The codes that `warren explain` knows. */
async function codesOfKind(kind?: ExplanationKind): Promise<readonly string[]> {
  const { explain } = await import('../../operations/files/explain.ts')
  return explain().flatMap((each) => (kind === undefined || each.kind === kind ? [each.code] : []))
}

/** `apply` confirms an environment by its name, and `destroy` a project. */
async function confirmedNames(place: ValuePlace, io: Io): Promise<readonly string[]> {
  if (place.form !== 'name') return []
  const runs = await configuredRuns(place, io)
  const environments = runs.flatMap(({ environment }) => (environment?.confirm === true ? environment.name : []))
  return place.command === 'destroy'
    ? [...runs.flatMap(({ project }) => project?.name ?? []), ...environments]
    : environments
}

/** Every project of the config in every environment. */
async function configuredRuns({ before }: ValuePlace, io: Io): Promise<readonly SelectedRun[]> {
  const { selectWorkspaceRuns } = await import('../../operations/workspace/select-workspace-runs.ts')
  const [config] = given(before, '--config')
  const { runs } = await selectWorkspaceRuns({
    unnamed: 'all',
    ...(config !== undefined && { config }),
    ...(io.userId !== undefined && { userId: io.userId }),
    secrets: io.secrets,
  })
  return runs
}

async function declaredAddresses({ before }: ValuePlace, io: Io): Promise<readonly string[]> {
  const [config] = given(before, '--config')
  const runs = await chooseRuns(
    [],
    {
      project: given(before, '--project'),
      environment: [...given(before, '--environment'), ...given(before, '-e')],
      overlay: given(before, '--overlay'),
      var: given(before, '--var'),
      varFile: given(before, '--var-file'),
      vhost: given(before, '--vhost'),
      ...(before.includes('--no-config') ? { config: false } : config !== undefined && { config }),
    },
    io,
    'all',
  )
  const { validate } = await import('../../operations/files/validate.ts')
  const loaded = await Promise.all(runs.map(({ files }) => validate(files)))
  return loaded.flatMap(({ desired }) => (desired ? addressesOf(desired.topology) : []))
}

function addressesOf(topology: Topology): string[] {
  return KINDS.flatMap((kind) => objectsOf(kind, topology).map((object) => addressOf(kind, object)))
}

/** The values of an option in the preceding words. */
function given(words: readonly string[], option: string): string[] {
  return words.flatMap((word, index) =>
    words[index - 1] === option ? [word] : word.startsWith(`${option}=`) ? [word.slice(option.length + 1)] : [],
  )
}
