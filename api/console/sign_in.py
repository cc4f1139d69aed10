"""The way in, as plain HTML: whoever has not signed in gets no live page and no socket."""

from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from fastapi.responses import HTMLResponse

from api.console.forms import FIELD
from api.console.plain import plain_page
from api.names import TOKEN_FILE


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
<h2>Use an access token</h2>
<form method="post" action="/sign-in/token">{_hidden(entry)}
{_field("Access token", "token", more='type="password" autocomplete="off"')}
<button class="second">Enter with this token</button></form>
<p class="gw-soft gw-small">First time here? Whoever starts the server has a token in the file
<span class="gw-mono">{TOKEN_FILE}</span> of its data directory; <span class="gw-mono">gatewright
serve</span> says where that is. There,
<span class="gw-mono">gatewright user add NAME --role support</span> lets somebody sign in with a
name and a password.</p>"""
    return plain_page("Sign in", body, status=status)


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
    return plain_page("New password", body, status=status)


def onward_page(then: str) -> HTMLResponse:
    """Go on from a page of ours: browsers send no session to where another site leads."""
    where = escape(inside(then))
    return plain_page(
        "One moment",
        f'<p><a class="gw-link" href="{where}">Go on</a></p>',
        head=f'<meta http-equiv="refresh" content="0;url={where}">',
    )


def inside(then: str) -> str:
    """Only a page of this console, never an address elsewhere."""
    strange = not then.isprintable() or "\\" in then or then.startswith("//")
    return then if then.startswith("/") and not strange else "/"


def _hidden(entry: Entry) -> str:
    return (
        f'<input type="hidden" name="{FIELD}" value="{escape(entry.form)}">'
        f'<input type="hidden" name="then" value="{escape(inside(entry.then))}">'
    )


def _field(label: str, name: str, *, value: str = "", more: str) -> str:
    return f'<label>{label}<input name="{name}" value="{escape(value)}" required {more}></label>'


def _problem(entry: Entry) -> str:
    return f'<p class="bad" role="alert">{escape(entry.problem)}</p>' if entry.problem else ""
