import type { Plan } from '../plan/plan.ts'
import { countOf } from './count-of.ts'
import { showText } from './show-value.ts'
import type { Style } from './style.ts'

/** How many adopted objects are named; `--format json` names all. */
const MOST_ADOPTED = 10

/** What a plan was asked to do and what it may know: the lines that a reader has to see before the changes. */
export function modeText({ mode, ownership, digest, unlocked }: Plan, style: Style): string[] {
  const actions = mode.destroy ? 'destroy' : ['create', 'update', ...(mode.prune ? ['prune'] : [])].join(', ')
  const narrowed = [
    ...mode.targets.map((glob) => `only ${showText(glob)}`),
    ...mode.excludes.map((glob) => `without ${showText(glob)}`),
  ]
  return [
    `${style.strong('Mode')}     ${actions}${mode.adopt ? ', adopt' : ''}   digest ${digest}`,
    ...(narrowed.length === 0 ? [] : [`${style.warn('Partial')}  ${narrowed.join(', ')}`]),
    ...ownershipText(ownership, mode.prune, style),
    ...(unlocked === undefined ? [] : [`${style.warn('Lock')}     none: ${unlocked}`]),
  ]
}

function ownershipText({ state, adopts, unrecorded }: Plan['ownership'], prune: boolean, style: Style): string[] {
  const title = style.strong('Owner')
  switch (state) {
    case 'none':
      return []
    case 'unknown':
      return [`${style.warn('Owner')}    unknown: the login may not read who owns what`]
    case 'known':
      return [
        ...(adopts.length === 0
          ? []
          : [
              `${title}    ${countOf(adopts.length, 'existing object')} without an owner: the apply records ${adopts.length === 1 ? 'it' : 'them'} as adopted`,
              ...adopts.slice(0, MOST_ADOPTED).map((address) => `         ${address}`),
              ...(adopts.length > MOST_ADOPTED ? [`         and ${adopts.length - MOST_ADOPTED} more`] : []),
            ]),
        ...(prune && unrecorded.length > 0
          ? [
              `${style.warn('Owner')}    no record yet in ${unrecorded.map(showText).join(', ')}: nothing there can be pruned`,
            ]
          : []),
      ]
  }
}
