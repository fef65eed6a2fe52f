import { error } from './kind.ts'

/** What a verb can find when it needs what the files left open. */
export const verbFindings = {
  'secret-missing': error((args: { user: string; missing: string }) => ({
    message: `the password of user "${args.user}" is needed: ${args.missing}`,
    hint: 'set it where the reference points to',
  })),
}
