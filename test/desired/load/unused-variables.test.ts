import { describe, expect, it } from 'vitest'
import { explainFinding } from '../../../src/diagnostics/findings/finding.ts'
import { unusedVariables } from '../../../src/desired/load/unused-variables.ts'

function unused(names: readonly string[], ...texts: readonly string[]): string[] {
  return unusedVariables(names, texts).map((found) => explainFinding(found).message.split('"')[1] ?? '')
}

describe('a given variable', () => {
  it('is used where a file refers to it, and unused elsewhere', () => {
    const texts = ['a: "${var:region}.${var:size}"', '{ "${var:key}": "${env:home}" }']

    expect(unused(['region', 'size', 'key'], ...texts)).toEqual([])
    expect(unused(['regio', 'home', 'var'], ...texts)).toEqual(['regio', 'home', 'var'])
  })

  it('is used where an instance may complete the reference to it', () => {
    const text = 'maxLength: "${var:size_${tenant}_${region.name}}"'

    expect(unused(['size_acme_eu', 'size__'], text)).toEqual([])
    expect(unused(['size_acme', 'sizes_acme_eu', 'size_'], text)).toEqual(['size_acme', 'sizes_acme_eu', 'size_'])
  })

  it('is used where an escape or a line break may hide its name', () => {
    expect(unused(['größe'], '"${var:gr\\u00f6\\u00dfe}"')).toEqual([])
    expect(unused(['the size'], '"${var:the\n  size}"')).toEqual([])
    expect(unused(['length'], '"${var:gr\\u00f6\\u00dfe}"')).toEqual(['length'])
  })

  it('is reported with the most similar name', () => {
    const [found] = unusedVariables(['regoin'], ['"${var:region}" "${var:size_${tenant}}"'])

    expect(found && explainFinding(found).hint).toBe('did you mean "region"?')
    const [other] = unusedVariables(['x'], [])
    expect(other && explainFinding(other).hint).toBe('leave it out, or refer to it as ${var:x}')
  })
})
