"""Who calls: accounts, tokens, keys, second factor. `Gate.identify(headers, address)` is what the HTTP layer asks.

rules.py         which roles may not meet, which need a second factor (pure)
tokens.py        an access token → its claims, or nothing (pure); jwks.py  the keys it is checked by
issuer.py        our own issuer for the embedded set-up
keys.py          the form of an API key (pure)
totp.py          RFC 6238 (pure); passwords.py  Argon2id; secret_files.py  secrets of the state folder
standings.py     what an account may do now, from our tables; memory.py  remembered until something changes
throttle.py      wrong attempts per address
accounts.py, credentials.py, api_keys.py   the acts, each with its entry in the log
login.py, first.py, endpoint.py   local sign-in, the first administrator, both over HTTP
listening.py, house.py   where the server may listen; gate and sign-in put together
purpose.py, gate.py     a request → its viewer
"""

from api.auth.gate import Admission, Gate
from api.auth.house import House, house_of
from api.auth.unidentified import Unidentified

__all__ = ["Admission", "Gate", "House", "Unidentified", "house_of"]
