// Serves the built page from a folder, below a sub-path, as any static host would.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".wasm": "application/wasm", ".css": "text/css", ".json": "application/json" };

export function serve(root, port, prefix = "/podlab/") {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    if (!path.startsWith(prefix)) return response.writeHead(404).end();
    const file = normalize(path.slice(prefix.length) || "index.html");
    if (file.startsWith("..")) return response.writeHead(403).end();
    try {
      const body = await readFile(join(root, file));
      response.writeHead(200, { "content-type": types[extname(file)] ?? "text/plain; charset=utf-8" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((ready) => server.listen(port, "127.0.0.1", () => ready(server)));
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const port = Number(process.argv[3] ?? 4173);
  await serve(process.argv[2] ?? "../dist", port);
  console.log(`http://127.0.0.1:${port}/podlab/`);
}
