// The page's program comes packed with xz, which leaves a fifth less of it than what servers compress with: a
// browser unpacks gzip by itself, and xz with this. It is compiled while it comes in.

import { XzReadableStream } from "xz-decompress";

/** The program at an address, as if the server had sent it unpacked; compared with a hash, if there is one. */
export async function unpack(address, integrity = "") {
  const response = await fetch(address, { integrity });
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  const headers = { "content-type": "application/wasm" };
  return new Response(new XzReadableStream(response.body), { headers });
}
