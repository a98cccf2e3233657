"""PostgreSQL for one state folder: our own server by default, an external one by `DATABASE_URL`.

    with running(settings) as server:
        ...  # server.app_url, server.owner_url

The embedded server belongs to nobody: every process that uses it holds a shared lock, and a small keeper process, the
server's parent, stops it when no such lock is left. So the processes of one state folder come and go, also by kill -9,
without taking the database from each other.

| lock | held by | means |
|---|---|---|
| `start` | whoever starts, heals or stops, for that time | only one changes the state of the server |
| `users` | every process that uses the server, shared | free: the server is not needed |
| `server` | every process of the server | free: nothing of an earlier server is alive |
"""

from api.postgres.server import Server, running

__all__ = ["Server", "running"]
