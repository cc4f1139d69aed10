"""How the console looks: one sheet of tokens and a few classes, no framework on top."""

TITLE = "Gatewright"

SHEET = """
:root { --ink:#14201f; --soft:#5b6b69; --line:#dfe6e4; --paper:#ffffff; --ground:#f4f6f5;
  --brand:#0c5f57; --brand-soft:#e3f1ee; --good:#1c7c3f; --good-soft:#e4f4e9; --bad:#b3261e;
  --bad-soft:#fbe9e7; --warn:#8a5a00; --warn-soft:#fdf1da;
  --mono: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
body { background: var(--ground); color: var(--ink);
  font-family: system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; font-size: 15px; }
.nicegui-content { padding: 0; gap: 0; }
.q-field__control { background: var(--paper); }
.gw-bar { background: var(--brand); color: #fff; width: 100%; }
.gw-bar a { color: #dff3ee; text-decoration: none; padding: 14px 9px; font-weight: 500; }
.gw-bar a:hover, .gw-bar a.here { color: #fff; box-shadow: inset 0 -3px 0 #fff; }
.gw-word { font-weight: 700; letter-spacing: .01em; font-size: 17px; color: #fff; }
.gw-card { background: var(--paper); border: 1px solid var(--line); border-radius: 10px;
  padding: 16px 18px; width: 100%; }
.gw-title { font-size: 17px; font-weight: 650; line-height: 1.3; }
.gw-head { font-size: 12px; font-weight: 650; color: var(--soft); letter-spacing: .04em;
  text-transform: uppercase; margin-top: 6px; }
.gw-soft { color: var(--soft); }
.gw-small { font-size: 13px; }
.gw-mono { font-family: var(--mono); font-size: 12.5px; overflow-wrap: anywhere; }
.gw-chip { display: inline-block; border-radius: 999px; padding: 2px 10px; font-size: 12.5px;
  font-weight: 600; background: var(--ground); color: var(--soft); white-space: nowrap; }
.gw-chip.good { background: var(--good-soft); color: var(--good); }
.gw-chip.bad { background: var(--bad-soft); color: var(--bad); }
.gw-chip.warn { background: var(--warn-soft); color: var(--warn); }
.gw-chip.brand { background: var(--brand-soft); color: var(--brand); }
.gw-diff { width: 100%; border-collapse: collapse; }
.gw-diff td { padding: 6px 10px 6px 0; vertical-align: top; border-top: 1px solid var(--line); }
.gw-diff td.to { width: 1%; white-space: nowrap; padding-right: 18px; font-size: 15px; }
.gw-diff td.arrow { width: 1%; color: var(--soft); padding-right: 18px; }
.gw-was { color: var(--bad); text-decoration: line-through; }
.gw-will { color: var(--good); font-weight: 650; }
.gw-was.kept { text-decoration: none; }
.gw-source { white-space: pre; tab-size: 4; line-height: 1.5; overflow-x: auto; width: 100%;
  border: 1px solid var(--line); border-radius: 8px; padding: 8px 12px; }
.gw-source div { overflow-wrap: normal; }
.gw-source .in { color: var(--good); background: var(--good-soft); }
.gw-source .out { color: var(--bad); background: var(--bad-soft); }
.gw-said { border-radius: 12px; padding: 9px 14px; max-width: 78%; line-height: 1.45; }
.gw-said.agent { background: var(--brand); color: #fff; align-self: flex-end; }
.gw-said.planner { background: var(--paper); border: 1px solid var(--line); }
.gw-said.warn { background: var(--warn-soft); }
.gw-said.bad { background: var(--bad-soft); }
.gw-step { color: var(--soft); font-size: 13px; padding-left: 18px; position: relative; }
.gw-step::before { content: ""; position: absolute; left: 4px; top: 7px; width: 6px; height: 6px;
  border-radius: 50%; background: var(--brand); opacity: .55; }
.gw-row { border-radius: 8px; padding: 10px 12px; cursor: pointer; width: 100%;
  border: 1px solid transparent; }
.gw-row:hover { background: var(--ground); }
.gw-row.here { background: var(--brand-soft); border-color: var(--brand); }
.gw-sparks { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr));
  gap: 6px; width: 100%; }
.gw-spark { width: 100%; color: var(--brand); }
.gw-facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr));
  gap: 4px 18px; width: 100%; }
.gw-entries td { white-space: normal; overflow-wrap: anywhere; vertical-align: top; }
.gw-secret { background: var(--brand-soft); border-radius: 8px; padding: 10px 12px;
  font-size: 14px; user-select: all; }
.gw-form > * { flex: 1 1 200px; min-width: 0; }
.gw-halt { background: var(--bad); color: #fff; width: 100%; padding: 8px 24px; font-weight: 600; }
.gw-evidence { flex-wrap: nowrap; }
.gw-evidence > * { flex-shrink: 0; }
.gw-evidence .gw-line { flex-shrink: 1; }
.gw-pages { height: calc(100vh - 50px); }
.gw-side { background: var(--paper); border-right: 1px solid var(--line); width: 350px;
  flex-shrink: 0; overflow-y: auto; }
@media (max-width: 760px) {
  .gw-bar { flex-wrap: wrap; padding: 0 12px; }
  .gw-pages { flex-direction: column; height: auto; }
  .gw-side { width: 100%; height: auto; min-height: 0; max-height: 32vh;
    border-right: 0; border-bottom: 1px solid var(--line); }
  .gw-main { width: 100%; }
  .gw-evidence { flex-wrap: wrap; }
  .gw-talk { min-height: 55vh; }
  .gw-entries table { min-width: 720px; }
}
.gw-line { position: relative; flex: 1 1 auto; min-width: 90px; height: 12px; border-radius: 6px;
  background: var(--ground); overflow: hidden; }
.gw-line i { position: absolute; top: 0; height: 100%; display: block; }
.gw-line .band { background: #a9d5c9; }
.gw-line .share { background: var(--brand); width: 3px; margin-left: -2px; }
.gw-line .wanted { border-left: 2px dashed var(--warn); }
a.gw-link { color: var(--brand); text-decoration: underline; text-underline-offset: 2px; }
"""
