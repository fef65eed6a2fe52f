import { error, warning } from './kind.ts'
import { shellWord } from '../text/shell-word.ts'
import { withCommas } from '../text/with-commas.ts'

/** Findings of single operations: missing values, and files that cannot be used or written. */
export const operationFindings = {
  'not-formatted': error((args: { path: string }) => ({
    message: `${args.path} cannot be formatted without losing or moving a comment`,
    hint: 'format it manually; files without comments in unusual places, such as after an anchor, can be formatted',
  })),
  'secret-in-rendered': error((_args: Record<string, never>) => ({
    message:
      'a secret (a password, a hash, or a login) would get into the rendered topology, which must not contain secrets',
    hint: 'write the whole value as ${env:NAME} or ${file:path}, which warren render keeps unchanged',
  })),
  'more-findings': warning((args: { count: number; listed: number }) => ({
    message: `the files have ${withCommas(args.count)} findings, of which the first ${withCommas(args.listed)} are listed, errors before warnings`,
    hint: 'correct these, and validate again',
  })),
  'schema-invalid': error((args: { path: string; problem: string }) => ({
    message: `the message schema ${args.path} is not a valid JSON Schema: ${args.problem}`,
    hint: 'write one schema of draft 2020-12, or of draft-07 with its $schema, that refers to no other file',
  })),
  'secret-missing': error((args: { user: string; missing: string; reference?: string }) => ({
    message: `the password of user "${args.user}" is needed: ${args.missing}`,
    hint: whereToSet(args.reference ?? ''),
  })),
  'value-missing': error((args: { address: string; missing: string; reference: string }) => ({
    message: `a value of ${args.address} is needed: ${args.missing}`,
    hint: whereToSet(args.reference),
  })),
  'secret-in-saved-plan': error((args: { address: string; what: 'password' | 'value' | 'default' }) => ({
    message: `${args.address} contains a secret from the file, and a saved plan must not contain secrets${
      args.what === 'default' ? ': the default of a reference is in use' : ''
    }`,
    hint:
      args.what === 'default'
        ? 'set the variable that the reference names; or apply the files themselves, with --expect-digest to check the plan'
        : `write ${args.what === 'password' ? 'the password' : 'the secret'} as a reference, such as \${env:NAME} or \${file:path}, which the apply resolves; or apply the files themselves, with --expect-digest to check the plan`,
  })),
  'saved-plan-unreadable': error((args: { path: string; problem: string }) => ({
    message: `${args.path} cannot be used as a saved plan: ${args.problem}`,
    hint: 'save one with: warren plan --out plan.json',
  })),
  'saved-plan-format': error((args: { path: string; format: string; supported: number }) => ({
    message: `${args.path} is a saved plan of format ${args.format}, but this version of warren reads format ${args.supported}`,
    hint: 'plan again with this version: warren plan --out plan.json',
  })),
  'saved-plan-changed': error((args: { path: string; problem: string }) => ({
    message: `${args.path} was changed since it was saved, so warren does not apply it: ${args.problem}`,
    hint: 'change the topology files instead, and save a new plan with: warren plan --out plan.json',
  })),
  'definitions-not-json': error((args: { path: string }) => ({
    message: `${args.path} is not JSON`,
    hint: 'export it again: GET /api/definitions of the management API, or rabbitmqctl export_definitions',
  })),
  'definitions-not-exported': error((args: { path: string; problem: string }) => ({
    message: `${args.path} is not a definitions file from a broker: ${args.problem}`,
    hint: 'use the unchanged response of GET /api/definitions of the management API, or of /api/definitions/VHOST',
  })),
  'definitions-without-vhost': error((args: { path: string }) => ({
    message: `${args.path} contains the definitions of one vhost, but not its name`,
    hint: 'name the vhost with: --vhost NAME',
  })),
  'definitions-of-one-vhost': error((args: { path: string; declared: readonly string[]; exported?: string }) => ({
    message: `${args.path} contains the definitions of one vhost${args.exported === undefined ? '' : `, ${JSON.stringify(args.exported)}`}, and the files declare ${args.declared.map((each) => JSON.stringify(each)).join(', ')}`,
    hint:
      args.declared.length === 1 && args.exported !== undefined
        ? `plan as if it were that vhost with: --vhost ${shellWord(`${args.declared[0]}=${args.exported}`)}`
        : 'export the whole broker: GET /api/definitions',
  })),
}

function whereToSet(reference: string): string {
  const names = [...reference.matchAll(/\$\{env:([^}:]+)/g)].map(([, name]) => String(name))
  if (names.length > 0) return `export ${names.join(' and ')}, or put it into .env`
  const variable = /\$\{var:([^}]+)\}/.exec(reference)?.[1]
  if (variable !== undefined) return `give it with --var-file, as a line ${variable}=value, or with --var`
  return 'write the password into the file that the reference names'
}
