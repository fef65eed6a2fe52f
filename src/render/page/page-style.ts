/** The style sheet of a page, in addition to that of its pictures. */
export function pageStyle(): string {
  return `${COLORS}${FRAME}${CONTROLS}${GROUPS}${PANEL}${PRINT}`
}

const LIGHT = `--page:#fff;--bar:#f6f7f9;--edge:#c9ced6;--ink:#1b1f24;--quiet:#4b5563;--accent:#0b5cad;--button:#fff;
--error:#b42318;--warning:#8a5a00;--mark:#0b5cad`
const DARK = `--page:#0f1318;--bar:#171c23;--edge:#3d4653;--ink:#eef1f5;--quiet:#b4bcc8;--accent:#7cc0ff;--button:#222a34;
--error:#ff9c92;--warning:#f2c261;--mark:#7cc0ff`

const COLORS = `
:root{${LIGHT};color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{${DARK}}}
`

const FRAME = `
*{box-sizing:border-box}
[hidden]{display:none!important}
html,body{height:100%;margin:0}
body{display:flex;flex-direction:column;background:var(--page);color:var(--ink);font:14px/1.45 Arial,Helvetica,"Liberation Sans",sans-serif}
header{display:flex;flex-wrap:wrap;gap:8px 20px;align-items:end;padding:10px 16px;background:var(--bar);border-bottom:1px solid var(--edge)}
h1{font-size:18px;margin:0;overflow-wrap:anywhere}
h2{font-size:15px;margin:0}
h3{font-size:14px;margin:16px 0 4px}
header p{margin:0;color:var(--quiet)}
.head{max-width:100%}
.head+.search{margin-left:auto}
#columns{flex:1;min-height:0;display:flex}
main{flex:1;min-width:0;overflow:auto;padding:16px}
#panel{width:min(400px,38vw);overflow:auto;padding:16px;border-left:1px solid var(--edge);background:var(--bar);overflow-wrap:anywhere}
#status{position:fixed;right:12px;bottom:8px;margin:0;padding:2px 10px;border-radius:4px;background:var(--bar);color:var(--quiet);border:1px solid var(--edge);max-width:50vw;pointer-events:none}
#status:empty{display:none}
@media (max-width:760px){#columns{flex-direction:column}#panel{width:auto;max-height:45vh;border-left:0;border-top:1px solid var(--edge)}}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
`

const CONTROLS = `
button,input,select,textarea{font:inherit;color:var(--ink);background:var(--button);border:1px solid var(--edge);border-radius:4px;padding:4px 8px}
button{cursor:pointer}
button[aria-pressed=true]{border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.search{position:relative;display:flex;gap:6px;align-items:center}
.search input{width:250px}
#found{position:absolute;top:100%;right:0;z-index:2;width:420px;max-width:90vw;max-height:60vh;overflow:auto;margin:4px 0 0;padding:4px;list-style:none;background:var(--page);border:1px solid var(--edge);border-radius:4px}
#found button{width:100%;text-align:left;border:0;background:none;overflow-wrap:anywhere}
#found button:hover,#found button:focus{background:var(--bar)}
small,.hint{color:var(--quiet)}
#filters{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:center}
#filters select{max-width:180px}
fieldset{display:flex;gap:10px;border:1px solid var(--edge);border-radius:4px;margin:0;padding:2px 10px 4px}
legend{font-size:12px;padding:0 4px;color:var(--quiet)}
.buttons{display:flex;gap:6px}
`

const GROUPS = `
#groups{display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}
section.group{max-width:100%;border:1px solid var(--edge);border-radius:6px;padding:10px 12px}
section.group h2 button{border:0;background:none;padding:0;font-weight:bold;color:var(--accent);text-align:left;overflow-wrap:anywhere}
.counts,.links{margin:2px 0;color:var(--quiet);overflow-wrap:anywhere}
.shown{color:var(--accent)}
.drawing{overflow:auto;max-width:100%;padding:4px}
.drawing svg{display:block}
#groups[data-view=overview]{display:grid;grid-template-columns:repeat(auto-fill,minmax(220px,1fr))}
#groups[data-view=overview] .drawing{display:none}
#groups:not([data-view=overview]) .links{display:none}
#groups[data-view=group] section.group{display:none;width:100%}
#groups[data-view=group] section.group.open{display:block}
#legend{display:flex;flex-wrap:wrap;gap:8px 18px;margin-top:16px}
.warren .panel{fill:none;stroke:none}
.warren .heading{display:none}
.warren .node{cursor:pointer}
.warren .node:focus{outline:none}
.warren .node:focus .shape{stroke:var(--accent);stroke-width:4}
.warren .node.selected .shape{stroke:var(--mark);stroke-width:4}
.warren .edge.selected .line{stroke:var(--mark);stroke-width:2.5}
.warren .edge.selected .head{fill:var(--mark)}
.warren .faded,.warren .off-route{opacity:.16}
.warren .on-route .shape{stroke:var(--mark);stroke-width:4}
.warren .edge.on-route .line{stroke:var(--mark);stroke-width:3}
.warren .edge.on-route .head{fill:var(--mark)}
.warren .finding-count text{fill:var(--page);text-anchor:middle;font-weight:bold;font-size:11px}
.warren .finding-count.error circle{fill:var(--error)}
.warren .finding-count.warning path{fill:var(--warning)}
.warren .finding-count{pointer-events:none}
`

const PANEL = `
.panel-head{display:flex;gap:8px;justify-content:space-between;align-items:start}
.close{padding:0 8px;font-size:18px}
.kind{margin:2px 0 8px;color:var(--quiet)}
dl{margin:10px 0}
dt{color:var(--quiet);margin-top:8px}
dd{margin:0 0 2px}
.keys{display:grid;grid-template-columns:auto 1fr;gap:4px 12px;align-items:baseline}
.keys dt{margin:0}
kbd{font:inherit;border:1px solid var(--edge);border-radius:3px;padding:0 5px}
.to-node{border:0;background:none;padding:0;color:var(--accent);text-align:left;text-decoration:underline;overflow-wrap:anywhere}
.findings{list-style:none;padding:0;margin:0}
.findings li{border-left:4px solid var(--warning);padding:2px 0 2px 10px;margin:8px 0}
.findings li.error{border-color:var(--error)}
.findings p{margin:2px 0}
.problem{color:var(--error)}
#trace-form label{display:block;margin:6px 0}
#trace-form :is(select,input,textarea){display:block;width:100%;margin-top:2px}
.route,.route ul{padding-left:16px}
pre{overflow:auto;max-height:40vh;border:1px solid var(--edge);padding:8px}
table{border-collapse:collapse;margin:6px 0 14px}
th,td{text-align:left;vertical-align:top;padding:3px 14px 3px 0;border-bottom:1px solid var(--edge);overflow-wrap:anywhere}
th{white-space:nowrap;color:var(--quiet);font-weight:normal}
#survey{margin-bottom:16px}
summary{cursor:pointer;font-weight:bold}
`

const PRINT = `
@media print{
:root,.warren{--page:#fff;--ink:#000;--quiet:#333}
html,body{height:auto}
#columns{display:block}
main{overflow:visible}
.search,#filters,.buttons,#panel,#status{display:none!important}
#groups,#groups[data-view]{display:block!important}
#groups[data-view] section.group{display:block!important;break-inside:avoid;margin-bottom:16px}
#groups[data-view] .drawing{display:block!important;overflow:visible}
.drawing svg{max-width:100%;height:auto!important}
}
`
