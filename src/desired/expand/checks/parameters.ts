import type { JsonValue, Section } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import { PARAMETER_KEYS, parameterKeys } from '../../../model/broker-tables/parameter-keys.ts'
import { parameterProblems, type PlacedProblem } from '../../../model/broker-tables/parameter-problem.ts'
import { describeRule } from '../../../model/broker-tables/value-rule.ts'
import { maskCredentials } from '../../../model/secrets/mask-credentials.ts'
import { Secret } from '../../../model/secrets/secret.ts'
import { argumentText } from '../objects/argument-table.ts'
import type { ExpandContext } from '../expand-context.ts'

const COMPONENTS = Object.keys(PARAMETER_KEYS)

/** Warns about a component of raw parameters that only a third-party plugin can define. */
export function checkComponent(scope: ExpandContext, component: string): void {
  if (parameterKeys(component) !== undefined) return
  const args = { component, ...scope.suggest('component', component, COMPONENTS) }
  scope.report(finding('component-unknown', args, scope.locate(scope.vhost.parameters, component)))
}

/** Reports parameters of a component that no version of RabbitMQ accepts. */
export function checkParameters(scope: ExpandContext, component: string, section: Section<JsonValue>): void {
  for (const [name, value] of Object.entries(section)) {
    for (const placed of parameterProblems(component, value)) report(scope, component, placed, { section, name, value })
  }
}

interface Written {
  readonly section: Section<JsonValue>
  readonly name: string
  readonly value: JsonValue
}

function report(scope: ExpandContext, component: string, { path, problem }: PlacedProblem, written: Written): void {
  const key = path.at(-1)
  const at = (part: 'key' | 'value') => locate(scope, written, path, part)
  const what = typeof key === 'string' ? key : written.name
  switch (problem.kind) {
    case 'value': {
      const value = maskCredentials(valueAt(written.value, path))
      const text = value instanceof Secret ? String(value) : argumentText(value as Parameters<typeof argumentText>[0])
      const args = { what, value: text, expected: describeRule(problem.expected), isText: typeof value === 'string' }
      scope.report(finding('value-refused', args, at('value')))
      break
    }
    case 'uri':
      scope.report(finding('uri-refused', { key: what, reason: problem.reason }, at('value')))
      break
    case 'unknown': {
      const known = (parameterKeys(component) ?? []).map((each) => each.key)
      const args = { component, key: what, ...scope.suggest(`key of ${component}`, what, known) }
      scope.report(finding('parameter-key-unknown', args, at('key')))
      break
    }
    case 'other-protocol': {
      const { end, protocol } = problem
      scope.report(finding('parameter-key-of-protocol', { key: what, end, protocol }, at('key')))
      break
    }
    case 'missing':
      scope.report(finding('parameter-needs', { component, keys: problem.keys }, at('key')))
      break
    case 'excludes':
      scope.report(finding('keys-exclude-each-other', { key: what, other: problem.other }, at('key')))
      break
  }
}

function valueAt(value: JsonValue, path: PlacedProblem['path']): JsonValue {
  return path.reduce<JsonValue>(
    (each, key) => (each as Readonly<Record<string | number, JsonValue>>)[key] ?? null,
    value,
  )
}

/** A value that is not a container has no position of its own. */
function locate(
  scope: ExpandContext,
  { section, name, value }: Written,
  path: PlacedProblem['path'],
  part: 'key' | 'value',
) {
  const last = path.at(-1)
  if (last === undefined) return scope.locate(section, name, part)
  const container = valueAt(value, path.slice(0, -1))
  return typeof container === 'object' && container !== null
    ? scope.locate(container, last, part)
    : scope.locate(section, name, part)
}
