import { escapeReferences } from '../../desired/source/references/named-text.ts'
import { writeYaml } from '../../desired/source/yaml/write-yaml.ts'
import type { ReferencedSecret } from './documents/secret-references.ts'

/** Writes `warren.config.yaml`, so that commands find the files of each project. */
export function configText(projects: ReadonlyMap<string, readonly string[]>): string {
  const entries = [...projects]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([project, paths]) => ({
      key: escapeReferences(project),
      value: { entries: [{ key: 'paths', value: paths.toSorted() }] },
    }))
  return writeYaml(
    [
      {
        entries: [
          { key: 'warrenConfig', value: 1 },
          { key: 'projects', value: { entries } },
        ],
      },
    ],
    UNSORTED,
  )
}

const UNSORTED = { rank: () => undefined, within: () => undefined, items: () => undefined }

/** Writes `secrets.env.example`: the variables that the files refer to, without their values. */
export function secretsExample(secrets: readonly ReferencedSecret[]): string {
  return secrets.map(({ name, comment }) => `# ${comment}\n${name}=\n`).join('\n')
}

/** Writes the values of variables as lines of a variables file. Use it only for a private file. */
export function revealedVariables(secrets: readonly ReferencedSecret[]): string {
  return secrets.map(({ name, secret }) => `${name}=${secret.reveal()}\n`).join('')
}
