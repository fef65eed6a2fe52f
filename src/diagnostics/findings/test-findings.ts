import { error } from './kind.ts'

/** Findings of reading test files. */
export const testFindings = {
  'tests-without-document': error((args: { path: string }) => ({
    message: `${args.path} must contain one document, a table of keys and values`,
    hint: 'it begins with "warrenTests: 1"',
  })),
  'test-subject': error((args: { test: string; found: readonly string[] }) => ({
    message:
      args.found.length === 0
        ? `the test ${JSON.stringify(args.test)} does not have a subject`
        : `the test ${JSON.stringify(args.test)} has ${args.found.join(' and ')}, which exclude each other`,
    hint: 'write exactly one of publish, fail, expire and user',
  })),
  'test-publish': error((args: { test: string }) => ({
    message: `the test ${JSON.stringify(args.test)} must publish either by a publication or to an exchange`,
    hint: 'write publication with parameters, or exchange with routingKey',
  })),
  'test-expectation': error(
    (args: { test: string; subject: string; found: readonly string[]; fitting: readonly string[] }) => ({
      message:
        args.found.length === 0
          ? `the test ${JSON.stringify(args.test)} expects nothing`
          : `the test ${JSON.stringify(args.test)} has ${args.subject}, which does not fit ${args.found.join(' and ')}`,
      hint: `with ${args.subject}, write ${args.fitting.join(' or ')}`,
    }),
  ),
  'test-duration': error((args: { test: string; written: string }) => ({
    message: `${JSON.stringify(args.written)} in the test ${JSON.stringify(args.test)} is not a duration`,
    hint: 'write a number with its unit, such as 5s or 30m',
  })),
  'test-name-unknown': error((args: { kind: string; name: string; suggestion?: string }) => ({
    message: `the topology has no ${args.kind} ${JSON.stringify(args.name)}`,
    ...(args.suggestion !== undefined && { hint: `did you mean ${JSON.stringify(args.suggestion)}?` }),
  })),
  'test-name-ambiguous': error((args: { kind: string; name: string; vhosts: readonly string[] }) => ({
    message: `several vhosts have ${JSON.stringify(args.name)} as ${args.kind}: ${args.vhosts.map((each) => JSON.stringify(each)).join(', ')}`,
    hint: 'name one with "vhost"',
  })),
  'test-parameter': error((args: { publication: string; name: string; problem: 'missing' | 'unknown' | 'word' }) => ({
    message: {
      missing: `the publication ${JSON.stringify(args.publication)} needs a value for its parameter ${args.name}`,
      unknown: `the publication ${JSON.stringify(args.publication)} has no parameter ${JSON.stringify(args.name)}`,
      word: `the value of the parameter ${args.name} has to be one word without a dot`,
    }[args.problem],
    hint: 'give each parameter one word in "parameters"',
  })),
}
