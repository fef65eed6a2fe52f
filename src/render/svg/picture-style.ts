import type { GraphMark } from '../../insight/graph/graph.ts'
import { MARK_COLORS, MARKS } from '../graph/change-words.ts'
import { OWNER_COLORS } from '../graph/owner-colors.ts'

const LIGHT = `--paper:#fff;--panel:#f6f7f9;--panel-line:#d5d9e0;--text:#1b1f24;--fact:#4b5563;--line:#5b6472;
--exchange:#fff3d6;--queue:#e3effc;--publication:#e4f5e7;--subscription:#efe7fa;--shape-line:#6b7280`

const DARK = `--paper:#0f1318;--panel:#171c23;--panel-line:#303843;--text:#eef1f5;--fact:#b4bcc8;--line:#9aa4b2;
--exchange:#42350f;--queue:#16304d;--publication:#173a22;--subscription:#33264d;--shape-line:#8a94a3`

/** The style of the lines of changes, which can be distinguished without colors. */
const MARK_LINES: Readonly<Record<GraphMark, string>> = {
  create: 'stroke-width:4',
  update: 'stroke-width:2.5',
  replace: 'stroke-width:3;stroke-dasharray:14 3 3 3',
  delete: 'stroke-width:2.5;stroke-dasharray:5 4',
}

/** The style sheet of a picture, with colors for light and dark screens as custom properties. */
export function pictureStyle(): string {
  return `
.warren{${LIGHT};color-scheme:light dark;font-family:Arial,Helvetica,"Liberation Sans",sans-serif}
@media (prefers-color-scheme:dark){.warren{${DARK}}}
.warren .paper{fill:var(--paper)}
.warren .panel{fill:var(--panel);stroke:var(--panel-line)}
.warren text{fill:var(--fact);font-size:11px}
.warren .heading{fill:var(--text);font-size:14px;font-weight:bold}
.warren .node text{text-anchor:middle}
.warren .node .name{fill:var(--text);font-size:13px}
.warren .shape{stroke:var(--shape-line);stroke-width:1.2}
.warren .exchange .shape{fill:var(--exchange)}
.warren .queue .shape{fill:var(--queue)}
.warren .publication .shape{fill:var(--publication)}
.warren .subscription .shape{fill:var(--subscription)}
.warren .summary .shape{fill:var(--paper)}
.warren .link .shape{fill:none;stroke-dasharray:3 3}
.warren .missing .shape{fill:var(--paper);stroke-dasharray:6 3}
.warren .edge text{text-anchor:middle}
.warren .edge .line{fill:none;stroke:var(--line);stroke-width:1.2}
.warren .edge .head{fill:var(--line)}
.warren .dead-letter .line{stroke-dasharray:6 4}
.warren .alternate .line{stroke-dasharray:2 3}
${MARKS.map(
  (mark) => `.warren .mark-${mark}{--mark:${MARK_COLORS[mark]}}
.warren .node.mark-${mark} .shape,.warren .edge.mark-${mark} .line{stroke:var(--mark);${MARK_LINES[mark]}}`,
).join('\n')}
.warren .edge[class*=mark-] .head,.warren .badge circle{fill:var(--mark,var(--line))}
.warren .edge[class*=mark-] text{fill:var(--text)}
.warren .badge text{fill:#fff;font-size:15px;font-weight:bold}
.warren .mark-delete .name{text-decoration:line-through}
${OWNER_COLORS.map((color, index) => `.warren .owner${index} .shape{stroke:${color};stroke-width:3}`).join('\n')}
`
}
