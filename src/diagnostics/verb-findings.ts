import { error } from './kind.ts'

/** What a verb can find when it needs what the files left open. */
export const verbFindings = {
  'secret-missing': error((args: { user: string; missing: string; reference?: string }) => ({
    message: `the password of user "${args.user}" is needed: ${args.missing}`,
    hint: whereToSet(args.reference ?? ''),
  })),
}

function whereToSet(reference: string): string {
  const names = [...reference.matchAll(/\$\{env:([^}:]+)/g)].map(([, name]) => String(name))
  if (names.length > 0) return `export ${names.join(' and ')}, or put it into .env`
  const variable = /\$\{var:([^}]+)\}/.exec(reference)?.[1]
  if (variable !== undefined) return `give it with --var-file, as a line ${variable}=value, or with --var`
  return 'write the password into the file that the reference names'
}
