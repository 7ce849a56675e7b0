"""A receiver of webhooks for tests. It answers what the path says, one status after the other: /200, /500-200, /404.

usage: webhook_server.py PORTFILE REQUESTS
"""
import http.server, json, os, sys

counts = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        key = self.headers["Idempotency-Key"]
        statuses = self.path.strip("/").split("-")
        turn = counts[key] = counts.get(key, 0) + 1
        with open(sys.argv[2], "a") as file:
            line = {"key": key, "signature": self.headers["Flotilla-Signature"], "body": body.decode()}
            file.write(json.dumps(line) + "\n")
        self.send_response(int(statuses[min(turn, len(statuses)) - 1]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(sys.argv[1] + ".tmp", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(sys.argv[1] + ".tmp", sys.argv[1])
server.serve_forever()
