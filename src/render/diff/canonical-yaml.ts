import { stringify } from 'yaml'

/** YAML in which equal values always give the same text: keys sorted, no anchors, no folding. */
export function canonicalYaml(value: unknown): string {
  return stringify(value, { sortMapEntries: true, aliasDuplicateObjects: false, lineWidth: 0 })
}
