"""Where the pages of signing in are, and what is open to everybody."""

from sql.people import Owed

SIGN_IN, SIGN_OUT, CODE = "/sign-in", "/sign-out", "/sign-in/code"
HERE = "/account/here"  #: asked by the browser while somebody touches its pages
PASSWORD, SECOND_FACTOR = "/account/password", "/account/second-factor"
ACCOUNTS, EDIT_ACCOUNT = "/accounts", "/accounts/edit"
SSO, SSO_BACK = "/sign-in/sso", "/sign-in/sso/back"
REVEAL, STEP, LETTER, CHANNEL, VIEWS, SEARCH = "/reveal", "/step", "/letter", "/notifications/edit", "/views", "/search"
TRIAL, PAIR, LIMIT, REFUSED, SAMPLE = "/trial", "/pair", "/limit", "/refused", "/sample"
WHERE = {Owed.CODE: CODE, Owed.PASSWORD: PASSWORD, Owed.SECOND_FACTOR: SECOND_FACTOR}
START = {"read": "/", "accounts": ACCOUNTS, "trail": "/trail", "system": "/data"}  #: where who may do what begins
OPEN = ("/assets/", "/_dash-component-suites/", "/_favicon.ico", SSO)  #: files that tell nothing about anybody
