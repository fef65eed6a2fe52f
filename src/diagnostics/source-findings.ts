import { error } from './kind.ts'

/** What reading files and YAML can find. */
export const sourceFindings = {
  'file-unreadable': error((args: { path: string; reason: string }) => ({
    message: `cannot read ${args.path}: ${args.reason}`,
    hint: 'check the path and its permissions',
  })),
}
