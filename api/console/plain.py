"""Plain HTML around what needs no live page: the way in, and what is not there."""

from fastapi.responses import HTMLResponse

from api.console.style import SHEET

_OWN = """
main { max-width: 420px; margin: 11vh auto 0; padding: 0 16px; }
form { display: flex; flex-direction: column; gap: 12px; }
label { display: flex; flex-direction: column; gap: 4px; font-size: 13px; color: var(--soft); }
input { font: inherit; color: var(--ink); padding: 9px 11px; border: 1px solid #b9c6c3;
  border-radius: 6px; background: var(--paper); }
input:focus { outline: 2px solid var(--brand); outline-offset: 0; }
button, a.way { font: inherit; font-weight: 600; text-align: center; padding: 10px; cursor: pointer;
  border-radius: 6px; border: 1px solid var(--brand); background: var(--brand); color: #fff;
  text-decoration: none; display: block; }
button.second, a.way { background: var(--paper); color: var(--brand); }
h1 { font-size: 22px; margin: 0 0 2px; color: var(--brand); }
p { margin: 0 0 14px; } p.bad { color: var(--bad); }
hr { border: 0; border-top: 1px solid var(--line); margin: 18px 0; width: 100%; }
h2 { font-size: 14px; font-weight: 600; margin: 0 0 10px; }
form + p { margin: 12px 0 0; line-height: 1.5; }
"""
_HEADERS = {
    "Cache-Control": "no-store",
    # With none at all, a browser would send these forms without saying where they come from.
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
}


def plain_page(title: str, body: str, *, head: str = "", status: int = 200) -> HTMLResponse:
    """A card with this HTML; ``title`` and ``body`` are ours, and escaped where they have to be."""
    return HTMLResponse(
        f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">{head}
<title>{title} · Gatewright</title><style>{SHEET}{_OWN}</style></head>
<body><main><div class="gw-card"><h1>Gatewright</h1>{body}</div></main></body></html>""",
        status_code=status,
        headers=_HEADERS,
    )
