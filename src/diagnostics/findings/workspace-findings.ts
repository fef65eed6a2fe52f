import { error } from './kind.ts'

/** Findings of reading `warren.config.yaml` and the files that it names. */
export const workspaceFindings = {
  'config-without-document': error((args: { path: string }) => ({
    message: `${args.path} must contain one document`,
    hint: 'it begins with "warrenConfig: 1"',
  })),
  'config-not-table': error((args: { found: string }) => ({
    message: `a config must be a table of keys and values, not ${args.found}`,
    hint: 'it begins with "warrenConfig: 1"',
  })),
  'config-password-literal': error((args: { environment: string; key: string }) => ({
    message: `the password of the environment ${JSON.stringify(args.environment)} is written in the config itself, as a part of "${args.key}"`,
    hint: 'write a reference such as ${env:NAME}, or name a file with passwordFile',
  })),
  'config-password-twice': error((args: { environment: string }) => ({
    message: `the environment ${JSON.stringify(args.environment)} has both password and passwordFile`,
    hint: 'remove one of them',
  })),
  'config-reference-kind': error((args: { reference: string }) => ({
    message: `${args.reference} cannot be resolved in a config`,
    hint: 'use ${env:NAME} or ${env:NAME:-default}',
  })),
  'config-reference-place': error((args: { key: string }) => ({
    message: `${args.key} contains a reference, but references are not resolved there`,
    hint: 'references are resolved in the settings of a connection and in variables',
  })),
  'config-environment-unknown': error((args: { name: string; known: readonly string[]; suggestion?: string }) => ({
    message: `the config has no environment ${JSON.stringify(args.name)}`,
    hint:
      args.suggestion !== undefined
        ? `did you mean ${JSON.stringify(args.suggestion)}?`
        : args.known.length === 0
          ? 'add it below "environments"'
          : `it has ${args.known.map((each) => JSON.stringify(each)).join(', ')}`,
  })),
  'config-environment-left-out': error((args: { name: string; project: string }) => ({
    message: `the project ${JSON.stringify(args.project)} is not deployed to ${JSON.stringify(args.name)}, by its own "environments"`,
    hint: 'add the environment there, or remove this entry',
  })),
  'config-project-differs': error((args: { project: string; configured: string }) => ({
    message: `the project is ${JSON.stringify(args.project)} here and ${JSON.stringify(args.configured)} in the config`,
    hint: 'the key in the config is the project that the documents name; correct one of them',
  })),
}
