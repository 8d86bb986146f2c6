"""What every answer of the console carries: a strict content policy, and no way into a frame."""

from collections.abc import Iterable

from flask import Flask, Response, request


def policy(script_hashes: Iterable[str]) -> str:
    """Return the content policy. Styles may be inline: Plotly and the grid write them; scripts may not.

    ``script_hashes`` are those of the few inline scripts Dash's own index page carries.
    """
    scripts = " ".join(f"'{value.strip(chr(39))}'" for value in script_hashes)
    return "; ".join((
        "default-src 'self'", f"script-src 'self' {scripts}".strip(), "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:", "font-src 'self' data:", "connect-src 'self'", "worker-src 'self' blob:",
        "frame-ancestors 'none'", "base-uri 'self'", "form-action 'self'", "object-src 'none'",
    ))  # fmt: skip


def harden(server: Flask, script_hashes: Iterable[str]) -> None:
    """Put the headers on every answer of ``server``. Call it when all callbacks are registered."""
    fixed = {
        "Content-Security-Policy": policy(script_hashes),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    }

    @server.after_request
    def carry(response: Response) -> Response:
        response.headers.update(fixed)
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"  # what the pages show is personal
        return response
