import { countOf } from '../diagnostics/text/count-of.ts'
import { inColumns } from './words/in-columns.ts'
import { showText } from './words/show-value.ts'
import type { Style } from './words/style.ts'
import { type ResultFormatOptions, styleOf } from './formats/format-options.ts'

/** The data of an owner that is rendered. */
export interface ShownOwner {
  readonly address: string
  readonly project: string
  readonly state: 'owned' | 'adopted' | 'intended'
  readonly protected: boolean
}

const STATE_COLUMN = 60
const PROJECT_COLUMN = 82

/** The owners of objects, with one line each. */
export function ownersText(owners: readonly ShownOwner[], style: Style): string {
  const lines = owners.map(({ address, project, state, protected: kept }) =>
    inColumns([
      { column: 0, text: address },
      { column: STATE_COLUMN, text: `${state}${kept ? ', protected' : ''}` },
      { column: PROJECT_COLUMN, text: showText(project) },
    ]),
  )
  return `${[...lines, `${style.strong('Owners')}  ${countOf(owners.length, 'object')}`].join('\n')}\n`
}

/** Formats the result of `owners`, with one line for each object. */
export function formatOwners(owners: readonly ShownOwner[], options: ResultFormatOptions = {}): string {
  if (options.format === 'json') return `${JSON.stringify({ format: 1, owners }, undefined, 2)}\n`
  return ownersText(owners, styleOf(options))
}
