"""The way in, as plain HTML: whoever has not signed in gets no live page and no socket."""

from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from fastapi.responses import HTMLResponse

from api.console.forms import FIELD
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
summary { cursor: pointer; color: var(--brand); font-size: 14px; margin-bottom: 10px; }
"""
_HEADERS = {
    "Cache-Control": "no-store",
    # With none at all, a browser would send these forms without saying where they come from.
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one look at the way in shows."""

    form: str
    """The token that the form sends back."""
    then: str = "/"
    provider: str = ""
    """The name of the identity provider, where there is one."""
    problem: str = ""
    name: str = ""


def sign_in_page(entry: Entry, *, status: int = 200) -> HTMLResponse:
    """Name and password, the identity provider where there is one, or a token."""
    provider = ""
    if entry.provider:
        where = f"/sign-in/oidc?then={quote(entry.then, safe='')}"
        provider = (
            f'<hr><a class="way" href="{escape(where)}">Sign in with {escape(entry.provider)}</a>'
        )
    body = f"""
<p class="gw-soft">Sign in to review and follow changes.</p>{_problem(entry)}
<form method="post" action="/sign-in/password">{_hidden(entry)}
{_field("Name", "name", value=entry.name, more='autocomplete="username" autofocus')}
{_field("Password", "password", more='type="password" autocomplete="current-password"')}
<button>Sign in</button></form>{provider}<hr>
<details><summary>Use an access token</summary>
<form method="post" action="/sign-in/token">{_hidden(entry)}
{_field("Access token", "token", more='type="password" autocomplete="off"')}
<button class="second">Enter with this token</button>
<span class="gw-mono gw-soft">gatewright token create --name YOU --role support</span>
</form></details>"""
    return _page("Sign in", body, status=status)


def new_password_page(entry: Entry, *, status: int = 200) -> HTMLResponse:
    """Change a password: of one's own will, or because somebody else chose it."""
    new = 'type="password" autocomplete="new-password"'
    body = f"""
<p class="gw-soft">Choose a new password. Some words of your own do; no signs are asked for.</p>
{_problem(entry)}
<form method="post" action="/sign-in/new-password">{_hidden(entry)}
{_field("Name", "name", value=entry.name, more='autocomplete="username"')}
{_field("Password you have", "password", more='type="password" autocomplete="current-password"')}
{_field("New password", "new", more=new)}
{_field("New password, again", "again", more=new)}
<button>Change and sign in</button></form>"""
    return _page("New password", body, status=status)


def onward_page(then: str) -> HTMLResponse:
    """Go on from a page of ours: browsers send no session to where another site leads."""
    where = escape(inside(then))
    return _page(
        "One moment",
        f'<p><a class="gw-link" href="{where}">Go on</a></p>',
        head=f'<meta http-equiv="refresh" content="0;url={where}">',
    )


def inside(then: str) -> str:
    """Only a page of this console, never an address elsewhere."""
    strange = not then.isprintable() or "\\" in then or then.startswith("//")
    return then if then.startswith("/") and not strange else "/"


def _page(title: str, body: str, *, head: str = "", status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">{head}
<title>{title} · Gatewright</title><style>{SHEET}{_OWN}</style></head>
<body><main><div class="gw-card"><h1>Gatewright</h1>{body}</div></main></body></html>""",
        status_code=status,
        headers=_HEADERS,
    )


def _hidden(entry: Entry) -> str:
    return (
        f'<input type="hidden" name="{FIELD}" value="{escape(entry.form)}">'
        f'<input type="hidden" name="then" value="{escape(inside(entry.then))}">'
    )


def _field(label: str, name: str, *, value: str = "", more: str) -> str:
    return f'<label>{label}<input name="{name}" value="{escape(value)}" required {more}></label>'


def _problem(entry: Entry) -> str:
    return f'<p class="bad" role="alert">{escape(entry.problem)}</p>' if entry.problem else ""
