import type { Block, Plan } from '../plan/plan.ts'
import { countOf } from './count-of.ts'
import { explainUnsupported } from './explain-unsupported.ts'
import type { Style } from './style.ts'

/** What stops a plan from being applied, and what can be done about it. */
export function blocksText({ blocks }: Plan, style: Style): string[] {
  if (blocks.length === 0) return []
  const count = blocks.length === 1 ? '1 object needs' : `${blocks.length} objects need`
  return [
    [`${style.remove('Blocked')}  ${count} a decision; nothing is applied until then`, ...blocks.map(blockText)].join(
      '\n',
    ),
  ]
}

function blockText(block: Block): string {
  const [what, mend] = explainBlock(block)
  return `  ${block.address}\n      ${what}\n      ${mend}`
}

function explainBlock(block: Block): [what: string, mend: string] {
  switch (block.reason) {
    case 'needs-replacement': {
      const loss =
        block.messages === undefined || block.messages === 0
          ? ''
          : `, and its ${countOf(block.messages, 'message')} would be lost`
      return [
        `RabbitMQ cannot change ${block.properties.join(', ')} in place: it would have to be deleted and made again${loss}`,
        waysAround(block),
      ]
    }
    case 'external-missing':
      return [
        'it is declared with external: true, so it must exist, but it is not on the broker',
        'make it where it belongs, or take external: true away so that warren makes it',
      ]
    case 'own-login':
      return [
        'warren is logged in as this user and never changes its own login',
        'use another login for warren, or take the user out of the files',
      ]
    case 'untouchable':
      return [
        'a queue of this name belongs to a connection or to a plugin of the broker',
        'give the declared queue another name',
      ]
    case 'unsupported':
      return explainUnsupported(block.what)
  }
}

function waysAround({ byPolicy, messages }: Extract<Block, { reason: 'needs-replacement' }>): string {
  return [
    'this version of warren replaces nothing: declare it as it is, or give the new one another name',
    ...(byPolicy === undefined
      ? []
      : [`a policy can set ${byPolicy.join(', ')} without a replacement: declare it under policies:`]),
    ...(messages === 0
      ? ['it seems to be empty: it can also be deleted by hand, after which an apply makes it anew']
      : []),
  ].join('\n      ')
}
