import type { NotCompared, Plan } from '../../plan/plan.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { showText } from '../words/show-value.ts'
import { STATE_WORDS } from '../words/state-words.ts'
import type { Style } from '../words/style.ts'

/** Names the broker that a plan was made against, or the definitions file. */
export function againstText({ broker, against }: Plan, style: Style): string {
  if (against === undefined) {
    return `${style.strong('Broker')}   ${showText(broker.name)} (RabbitMQ ${broker.version})  ${broker.url}`
  }
  const cluster = broker.name === '' ? '' : ` of ${showText(broker.name)}`
  const version = broker.version === '' ? 'RabbitMQ of unknown version' : `RabbitMQ ${broker.version}`
  return `${style.strong('Against')}  ${showText(against.path)} (${version}${cluster})`
}

/** The data that no version exports to definitions files. */
const NEVER_EXPORTED = 'exclusive queues, numbers of messages, plugins, and the login of an apply'

/** Lists what was not compared, because the login may not read it or the definitions file does not contain it. */
export function notExportedText({ against, notCompared = [] }: Plan, style: Style): string[] {
  if (notCompared.length > 0) {
    const title = `${style.warn('Not compared')}, because the login may not read them: an apply is refused unless --exclude leaves them out`
    return [[title, ...notCompared.map(notExportedLine)].join('\n')]
  }
  if (against === undefined) return []
  const title = `${style.strong('Not exported')} by ${showText(against.path)}, and so not compared`
  return [[title, ...against.notExported.map(notExportedLine), `  ${NEVER_EXPORTED}`].join('\n')]
}

function notExportedLine({ what, addresses }: NotCompared): string {
  const [first] = addresses
  if (first === undefined) return `  ${STATE_WORDS[what]}`
  return `  ${STATE_WORDS[what]}: ${addresses.length === 1 ? first : `${countOf(addresses.length, 'declared object')}, such as ${first}`}`
}
