"""Where the pages of signing in are, and what is open to everybody."""

from sql.people import Owed

SIGN_IN, SIGN_OUT, CODE = "/sign-in", "/sign-out", "/sign-in/code"
PASSWORD, SECOND_FACTOR = "/account/password", "/account/second-factor"
WHERE = {Owed.CODE: CODE, Owed.PASSWORD: PASSWORD, Owed.SECOND_FACTOR: SECOND_FACTOR}
OPEN = ("/assets/", "/_dash-component-suites/", "/_favicon.ico")  #: files that tell nothing about anybody
