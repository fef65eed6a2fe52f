import { type Kind, KINDS } from '../../src/model/topology.ts'
import { PROPERTY_CASES } from './property-cases.ts'
import type { PropertyCase } from './property-case.ts'

const INTRODUCTION = `# Objects

What warren does about each kind of object and each of its properties, by what the broker can do. The tables are made
from the list that the tests go through on each version of RabbitMQ (\`test/objects\`, \`test/integration/objects/objects.test.ts\`);
\`npx vitest run test/objects -u\` writes this page.

- **create**: made when it is not there, with all of its properties.
- **change**: what a plan does when the property is declared otherwise than before. "In place" is an update. "Needs
  replacement": RabbitMQ cannot do it without deleting the object, so the plan is blocked; it names the property, and
  nothing of it is applied. "Another object": the property is a part of what the object is, so the new one is created and the
  old one stays.
- **delete**: what \`--prune\` does once the object is no longer declared; without \`--prune\`, warren deletes nothing.
- **drift**: how a plan sees that somebody has changed it on the broker, which it then puts right, or is blocked by, as
  under "change".
- **versions**: which versions of RabbitMQ have it. Where the connected broker has not, a plan that needs it is blocked and
  says so.
`

const NAMES: { readonly [K in Kind]: string } = {
  vhost: 'Virtual hosts',
  user: 'Users',
  permission: 'Permissions',
  exchange: 'Exchanges',
  'topic-permission': 'Topic permissions',
  policy: 'Policies',
  'operator-policy': 'Operator policies',
  queue: 'Queues',
  binding: 'Bindings',
  parameter: 'Parameters',
  'global-parameter': 'Global parameters',
}

const COLUMNS = ['property', 'create', 'change', 'delete', 'drift', 'versions']

/** The page of all properties, as Markdown that is not aligned yet. */
export function objectsPage(): string {
  return [INTRODUCTION, ...KINDS.map(section)].join('\n')
}

function section(kind: Kind): string {
  const rows = PROPERTY_CASES.filter((each) => each.kind === kind).map(propertyRow)
  const table = [COLUMNS, COLUMNS.map(() => '---'), objectRow(kind), ...rows]
  return [`## ${NAMES[kind]}`, '', ...table.map((cells) => `| ${cells.join(' | ')} |`), ''].join('\n')
}

function objectRow(kind: Kind): string[] {
  const plugins = PROPERTY_CASES.some((each) => each.kind === kind && each.plugin !== undefined)
  const there = plugins ? 'with the plugin of its component' : 'all'
  const deleted = kind === 'vhost' ? 'only by `destroy`, when allowed by its address' : 'with `--prune`'
  return ['_the object itself_', 'yes', '', deleted, 'missing: created again', there]
}

function propertyRow(each: PropertyCase): string[] {
  return [
    // The text in brackets is not a name of the format.
    each.property.replaceAll(/[a-z]\w*(?:\.\w+)*(?![^(]*\))/gi, (name) => `\`${name}\``),
    'yes',
    change(each),
    '',
    each.changing === 'another object'
      ? 'the declared one is missing: created again'
      : `compared ${each.compared ?? 'by value'}`,
    versions(each),
  ]
}

function change({ changing, changesSince }: PropertyCase): string {
  const words = { 'in place': 'in place', replacement: 'needs replacement', 'another object': 'another object' }[
    changing
  ]
  return changesSince === undefined ? words : `${words} from ${changesSince}; before, blocked`
}

function versions({ since, ignoredBefore, plugin }: PropertyCase): string {
  if (ignoredBefore !== undefined) return `from ${ignoredBefore}; before, not compared`
  if (plugin !== undefined) return `with the plugin \`${plugin}\``
  return since === undefined ? 'all' : `from ${since}`
}
