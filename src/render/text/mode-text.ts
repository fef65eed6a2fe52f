import { withCommas } from '../../diagnostics/text/with-commas.ts'
import { ownershipChanges } from '../../plan/ownership/ownership-changes.ts'
import type { Plan } from '../../plan/plan.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { showText } from '../words/show-value.ts'
import { shortList } from '../short-list.ts'
import type { Style } from '../words/style.ts'

/** The number of digits of a digest that are shown next to the mode. No option accepts a part of a digest. */
const SHORT_DIGEST = 8

/** The line with the digest for `--expect-digest`. */
export function digestText({ digest }: Plan, style: Style): string {
  return `${style.strong('Digest')}   ${digest}`
}

/** Prints the mode of a plan, what is allowed, and the ownership: a reader has to see these lines before the changes. */
export function modeText(plan: Plan, style: Style): string[] {
  const { mode, digest, unlocked } = plan
  const actions = mode.destroy ? 'destroy' : ['create', 'update', ...(mode.prune ? ['prune'] : [])].join(', ')
  const narrowed = [
    ...mode.targets.map((glob) => `only ${showText(glob)}`),
    ...mode.excludes.map((glob) => `without ${showText(glob)}`),
  ]
  return [
    `${style.strong('Mode')}     ${actions}${mode.adopt ? ', adopt' : ''}   digest ${digest.slice(0, SHORT_DIGEST)}…`,
    ...(narrowed.length === 0 ? [] : [`${style.warn('Partial')}  ${narrowed.join(', ')}`]),
    ...allowedText(mode, style),
    ...ownershipText(plan, style),
    ...(unlocked === undefined ? [] : [`${style.warn('Lock')}     none: ${unlocked}`]),
  ]
}

/** The maximum number of permitted steps in one line; more of them have a line each. */
const MOST_IN_A_LINE = 4

/** The approved changes that may lose messages, and the method for replacing queues. */
function allowedText(
  { allowDelete, allowReplace, allowCreate = [], migrate, rebind }: Plan['mode'],
  style: Style,
): string[] {
  const allowed = [
    ...allowDelete.map((at) => `delete=${at}`),
    ...allowReplace.map((at) => `replace=${at}`),
    ...allowCreate.map((at) => `create=${at}`),
    ...migrate.map((at) => `migrate ${at}`),
    ...rebind.map((at) => `rebind ${at}`),
  ]
  const title = style.warn('Allowed')
  if (allowed.length > MOST_IN_A_LINE) {
    // The whole list, because the approval of the plan is the approval of each step.
    return [`${title}  ${countOf(allowed.length, 'step')}`, ...allowed.map((each) => `         ${each}`)]
  }
  return allowed.length === 0 ? [] : [`${title}  ${allowed.join(', ')}`]
}

function ownershipText(plan: Plan, style: Style): string[] {
  const { state, adopts, unrecorded, unfinished, elsewhere } = plan.ownership
  switch (state) {
    case 'none':
      return []
    case 'unknown':
      return [`${style.warn('Owner')}    unknown: the login may not read the ownership records`]
    case 'known': {
      const { adopted, takenOver, released, ownedElsewhere, protected: guarded, unprotected } = ownershipChanges(plan)
      const existing = new Set(adopts)
      const stopped = adopted.filter((at) => !existing.has(at))
      return [
        ...named(
          adopts,
          `${countOf(adopts.length, 'existing object')} without an owner: the apply records ${adopts.length === 1 ? 'it' : 'them'} as adopted`,
          style,
        ),
        ...named(
          stopped,
          `${countOf(stopped.length, 'object')} that a stopped run may have created: the apply records ${stopped.length === 1 ? 'it' : 'them'} as adopted`,
          style,
        ),
        ...takenOver.flatMap(({ from, addresses }) =>
          named(addresses, `${countOf(addresses.length, 'object')} taken over from ${showText(from)}`, style),
        ),
        ...named(released, `${countOf(released.length, 'object')} released: declared with external: true`, style),
        ...named(
          ownedElsewhere,
          `${countOf(ownedElsewhere.length, 'object')} still owned through another vhost: only the record of the removed vhost drops ${ownedElsewhere.length === 1 ? 'it' : 'them'}`,
          style,
        ),
        ...named(guarded, `${countOf(guarded.length, 'existing object')} protected from now on`, style),
        ...named(unprotected, `${countOf(unprotected.length, 'object')} no longer protected`, style),
        ...named(
          unfinished,
          `the hand-over of ${countOf(unfinished.length, 'object')} is not finished: the apply finishes it`,
          style,
        ),
        ...(elsewhere.length === 0
          ? []
          : [
              `${style.strong('Elsewhere')}  ${elsewhere.map(({ vhost, owned }) => `${showText(vhost)}: ${withCommas(owned)} owned`).join(', ')}`,
            ]),
        ...(plan.mode.prune && unrecorded.length > 0
          ? [
              `${style.warn('Owner')}    no record yet in ${unrecorded.map(showText).join(', ')}: nothing there can be pruned`,
            ]
          : []),
      ]
    }
  }
}

/** A heading with addresses below it; empty if there are none. */
function named(addresses: readonly string[], heading: string, style: Style): string[] {
  if (addresses.length === 0) return []
  return [`${style.strong('Owner')}    ${heading}`, ...shortList(addresses).map((each) => `         ${each}`)]
}
