import { findTests } from '../../desired/tests/find-tests.ts'
import { readTests } from '../../desired/tests/read-tests.ts'
import type { DeclaredTest } from '../../desired/tests/declared-test.ts'
import { type Finding, hasErrors } from '../../diagnostics/findings/finding.ts'
import type { Location } from '../../diagnostics/location.ts'
import { InvalidInputError, WarrenError } from '../../diagnostics/warren-error.ts'
import type { RoutedVhost } from '../../insight/routing/routed-vhost.ts'
import { routedVhosts } from '../../insight/routing/routed-vhost.ts'
import { checkTest, type TestOutcome } from '../../insight/tests/check-test.ts'
import { type LiveTestOptions, withTestBroker } from '../live-tests/live-tests.ts'
import { NameResolver, type ResolvedTest } from '../../insight/tests/resolve-names.ts'
import type { Desired } from '../../model/desired.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { withMaskedResult } from '../session/with-secrets.ts'
import { exactVersion, readRoutedVhosts, type RoutedOptions } from './read-routed-vhosts.ts'

export interface TestOptions extends RoutedOptions {
  /**
   * Test files. Default: `NAME.test.yaml` next to each file of the topology, and all `*.test.yaml` below its folders.
   */
  readonly tests?: readonly string[]
  /**
   * Runs the tests on this broker, in temporary vhosts and with temporary users. Default: on the model, without a
   * broker.
   */
  readonly live?: LiveTestOptions
}

/** The results of the tests of a topology. */
export interface TestReport {
  readonly files: readonly TestedFile[]
  readonly passed: number
  /** Includes undecided tests. */
  readonly failed: number
  /** Tests for another version than that of the broker; absent if there are none, and without a broker. */
  readonly skipped?: number
}

export interface TestedFile {
  readonly path: string
  readonly tests: readonly TestResult[]
}

export interface TestResult {
  readonly name: string
  readonly location: Location
  readonly outcome: TestOutcome
}

/**
 * Runs the tests of a topology on a model of the broker's rules, without a broker, or with `live` on a broker.
 *
 * @throws {InvalidInputError} when files are invalid, or tests use names that the topology does not have
 * @throws {WarrenError} `INVALID_OPTION` when there are no tests
 * @throws {WarrenError} `ACCESS_REFUSED` when the login on the broker is not an administrator
 */
export async function test(options: TestOptions): Promise<TestReport> {
  return withMaskedResult(options, async ({ live, ...own }) => {
    if (live === undefined) return testWith(own, (tests) => Promise.resolve(tests.map(checkTest)))
    return withTestBroker(live, own.secrets, ({ version, run }) =>
      testWith({ ...own, brokerVersion: version }, run, version),
    )
  })
}

/** Runs tests against a topology. */
type RunTests = (tests: readonly ResolvedTest[], desired: Desired) => Promise<readonly TestOutcome[]>

async function testWith(
  { tests: given, ...rest }: Omit<TestOptions, 'live'> & { readonly secrets: SecretRegistry },
  run: RunTests,
  runsOn?: string,
): Promise<TestReport> {
  const read = await readRoutedVhosts(rest)
  const paths = given ?? (await findTests(rest.files?.paths ?? []))
  if (paths.length === 0) {
    throw new WarrenError('there are no tests of this topology', {
      code: 'INVALID_OPTION',
      hint: 'write them next to topology.yaml into topology.test.yaml, or name a file with --tests',
    })
  }
  const files = await readAll(paths)
  const findings: Finding[] = [...files.findings]
  const models = new Map<string | undefined, { vhosts: readonly RoutedVhost[]; names: NameResolver }>()
  const modelFor = (version: string | undefined) => {
    const known = models.get(version)
    if (known !== undefined) return known
    const vhosts = version === undefined ? read.vhosts : underVersion(read.vhosts, exactVersion(version))
    const made = { vhosts, names: new NameResolver(vhosts) }
    models.set(version, made)
    return made
  }
  const resolved = new Map<DeclaredTest, ResolvedTest>()
  for (const each of files.files.flatMap(({ tests }) => tests)) {
    const found = modelFor(each.brokerVersion).names.resolve(each)
    if (found !== undefined && !isAboutAnother(each, runsOn)) resolved.set(each, found)
  }
  for (const { names } of models.values()) findings.push(...names.findings)
  if (hasErrors(findings)) throw new InvalidInputError(findings, new Map([...read.sources, ...files.sources]))
  const { desired } = read
  if (desired === undefined) throw new WarrenError('no files were given', { code: 'INVALID_OPTION' })
  const outcomes = await run([...resolved.values()], desired)
  const byTest = new Map([...resolved.keys()].map((each, index) => [each, outcomes[index]]))
  const tested = files.files.map(({ path, tests }): TestedFile => ({
    path,
    tests: tests.map((each) => ({
      name: each.name,
      location: each.location,
      outcome: byTest.get(each) ?? { status: 'skipped', brokerVersion: each.brokerVersion ?? '' },
    })),
  }))
  const all = tested.flatMap(({ tests }) => tests)
  const count = (status: TestOutcome['status']) => all.filter(({ outcome }) => outcome.status === status).length
  const [passed, skipped] = [count('passed'), count('skipped')]
  return { files: tested, passed, failed: all.length - passed - skipped, ...(skipped > 0 && { skipped }) }
}

/** Whether a test is for another version than that of the broker. `4.3` means every `4.3.x`. */
function isAboutAnother({ brokerVersion }: DeclaredTest, runsOn: string | undefined): boolean {
  return runsOn !== undefined && brokerVersion !== undefined && !`${runsOn}.`.startsWith(`${brokerVersion}.`)
}

async function readAll(paths: readonly string[]) {
  const files: { readonly path: string; readonly tests: readonly DeclaredTest[] }[] = []
  const findings: Finding[] = []
  const sources = new Map<string, string>()
  for (const path of paths) {
    const read = await readTests(path)
    if (read.text !== undefined) sources.set(path, read.text)
    findings.push(...read.findings)
    files.push({ path, tests: read.tests })
  }
  return { files, findings, sources }
}

/** The same virtual hosts with the rules of another version. */
function underVersion(vhosts: readonly RoutedVhost[], version: string): readonly RoutedVhost[] {
  return vhosts.flatMap(({ topology, routes, usersKnown }) => routedVhosts(topology, routes, { version, usersKnown }))
}
