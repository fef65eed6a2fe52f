import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import type { Report } from '../../../src/apply/report.ts'
import { junitXml } from '../../../src/render/junit/junit-xml.ts'
import { blockedPlan, commandResult, wrongKey } from '../../builders/command-result.ts'

const parser = new XMLParser({
  ignoreAttributes: false,
  isArray: (name) => name === 'testcase' || name === 'testsuite',
})

function read(xml: string) {
  expect(XMLValidator.validate(xml)).toBe(true)
  return parser.parse(xml).testsuites
}

describe('junitXml', () => {
  it('has a case for each change, which fails where the change is blocked', () => {
    const [suite] = read(junitXml(commandResult('plan', { plan: blockedPlan, environment: 'prod' }))).testsuite

    expect(suite).toMatchObject({ '@_name': 'prod / shop', '@_tests': '2', '@_failures': '1', '@_errors': '0' })
    expect(suite.testcase).toMatchObject([
      { '@_name': 'create exchange:%2F/events', '@_classname': 'exchange', '@_line': '4' },
      { '@_name': 'replace queue:%2F/invoices', failure: { '@_type': 'needs-replacement' } },
    ])
  })

  it('has a case for each valid file and each error in a file', () => {
    const sources = new Map([
      ['good.yaml', ''],
      ['shop/with space.yaml', ''],
    ])
    const [suite] = read(junitXml(commandResult('validate', { findings: [wrongKey], sources }))).testsuite

    expect(suite.testcase).toMatchObject([
      { '@_name': 'good.yaml' },
      {
        '@_name': 'shop/with space.yaml:2:5',
        failure: {
          '@_message': 'unknown key "a&lt;b&gt;|&quot;c&quot;, 100%"'
            .replaceAll('&lt;', '<')
            .replaceAll('&gt;', '>')
            .replaceAll('&quot;', '"'),
        },
      },
    ])
  })

  it('reports an error of the run as an error, and skipped changes as skipped', () => {
    const report: Report = {
      format: 1,
      digest: '',
      interrupted: false,
      outcomes: [
        { address: 'exchange:%2F/events', action: 'create', status: 'failed', reason: 'refused' } as never,
        { address: 'queue:%2F/invoices', action: 'replace', status: 'skipped', because: 'exchange:%2F/events' },
      ],
    }
    const suites = read(
      junitXml(
        commandResult(
          'apply',
          { plan: { ...blockedPlan, blocks: [] }, report },
          { failure: { code: 'UNREACHABLE', message: 'no answer' } },
        ),
      ),
    )

    expect(suites).toMatchObject({ '@_tests': '3', '@_failures': '1', '@_errors': '1', '@_skipped': '1' })
  })

  it('replaces characters that XML cannot hold', () => {
    const xml = junitXml(
      commandResult('plan', { failure: { code: 'UNREACHABLE', message: 'a\u0000b\u001B[31m\uD800' } }),
    )

    expect(read(xml).testsuite[0].testcase[0].error['#text']).toBe('a\uFFFDb\uFFFD[31m\uFFFD')
  })
})
