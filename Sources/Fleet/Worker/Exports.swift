// What a worker author needs beside this module comes with it, so that a worker imports `Worker` and nothing else.
@_exported public import Contracts
@_exported public import JSON
@_exported public import Logging
@_exported public import Postgres
@_exported public import Reactor
