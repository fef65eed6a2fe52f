import type { Location } from '../../diagnostics/location.ts'
import { fingerprint, placeFor, type Remark, remarksOf, remarkText } from '../result/remark.ts'
import { meaningOfCode } from '../result/meaning-of-code.ts'
import type { CommandResult } from '../result/command-result.ts'

/**
 * GitHub keeps this number of results of a run, and refuses a file with more than 25,000 (docs.github.com, SARIF
 * support).
 */
const MOST_RESULTS = 5_000

/**
 * Renders a result as a log of SARIF 2.1.0 (OASIS standard), the format of code scanning: one result for each remark,
 * errors first, each with a position and a fingerprint, as GitHub requires.
 */
export function sarifLog(result: CommandResult, version: string): string {
  const remarks = remarksOf(result)
    .toSorted((a, b) => LEVELS.indexOf(a.severity) - LEVELS.indexOf(b.severity))
    .slice(0, MOST_RESULTS)
  const byCode = new Map(remarks.map((remark) => [remark.code, remark]))
  const codes = [...byCode.keys()].toSorted()
  const indexes = new Map(codes.map((code, index) => [code, index]))
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'warren',
            semanticVersion: version,
            rules: codes.map((code) => ruleOf(code, byCode.get(code)?.rule)),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: remarks.map((remark) => resultOf(remark, indexes.get(remark.code) ?? 0, placeFor(remark, result))),
      },
    ],
  }
  return `${JSON.stringify(log, undefined, 2)}\n`
}

/** SARIF's levels have the names of the severities. */
const LEVELS: readonly Remark['severity'][] = ['error', 'warning', 'note']

function ruleOf(code: string, rule: Remark['rule']) {
  const explained = rule ?? meaningOfCode(code)
  const more =
    rule === undefined ? (explained === undefined ? 'docs/how-to/breaking.md' : `warren explain ${code}`) : rule.page
  return {
    id: code,
    shortDescription: { text: explained?.meaning ?? code.replaceAll(/[-_]/g, ' ').toLowerCase() },
    help: { text: `${explained === undefined ? '' : `${explained.remedy} `}More: ${more}` },
  }
}

function resultOf(remark: Remark, ruleIndex: number, { file, line, column, length }: Location) {
  const { code, severity, address } = remark
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: remarkText(remark) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          region: {
            startLine: line,
            startColumn: column,
            ...(length !== undefined && { endColumn: column + length }),
          },
        },
        ...(address !== undefined && { logicalLocations: [{ fullyQualifiedName: address }] }),
      },
    ],
    partialFingerprints: { 'warren/v1': fingerprint(remark) },
  }
}

/** A relative path as a URI reference. */
function uriOf(path: string): string {
  return path.split(/[/\\]/).map(encodeURIComponent).join('/')
}
