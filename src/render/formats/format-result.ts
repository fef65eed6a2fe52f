import { githubAnnotations } from '../github/annotations.ts'
import { gitlabCodeQuality } from '../gitlab/code-quality.ts'
import { junitXml } from '../junit/junit-xml.ts'
import { MOST_BYTES, resultMarkdown } from '../markdown/result-markdown.ts'
import type { CommandResult } from '../result/command-result.ts'
import { sarifLog } from '../sarif/sarif-log.ts'

/** Options for rendering a result for reviewers and services. */
export interface DocumentOptions {
  /**
   * `markdown` suits a comment on a pull request, `github` is workflow commands of GitHub Actions, `sarif` a log of SARIF 2.1.0,
   * `junit` JUnit XML, and `gitlab` a report of GitLab's Code Quality.
   */
  readonly format: 'markdown' | 'github' | 'sarif' | 'junit' | 'gitlab'
  /** The maximum length of Markdown, in bytes of UTF-8. Default 65,536, the limit of a comment on GitHub. */
  readonly maxBytes?: number
  /** The version of the tool in a SARIF log. Default `0.0.0`. */
  readonly version?: string
}

/**
 * Formats the result of one or several runs as a document for reviewers or a service. Its secrets have to be masked
 * already, as in everything that warren's functions return.
 */
export function formatResult(result: CommandResult, options: DocumentOptions): string {
  switch (options.format) {
    case 'markdown':
      return resultMarkdown(result, options.maxBytes ?? MOST_BYTES)
    case 'github':
      return githubAnnotations(result)
    case 'sarif':
      return sarifLog(result, options.version ?? '0.0.0')
    case 'junit':
      return junitXml(result)
    case 'gitlab':
      return gitlabCodeQuality(result)
  }
}
