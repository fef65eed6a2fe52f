import { countOf } from '../diagnostics/text/count-of.ts'
import { inColumns } from './words/in-columns.ts'
import { showText } from './words/show-value.ts'
import type { Style } from './words/style.ts'

/** Who owns an object, as it is shown. */
export interface ShownOwner {
  readonly address: string
  readonly project: string
  readonly state: 'owned' | 'adopted' | 'intended'
  readonly protected: boolean
}

const STATE_COLUMN = 60
const PROJECT_COLUMN = 82

/** Who owns what, one line each. */
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
