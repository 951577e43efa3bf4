// Keeps one version of the page, file by file as it was built, so that it opens without a network.
// Written by `cargo xtask build`, which puts the version and the files in.
"use strict";

const VERSION = "__VERSION__";
const FILES = new Map(__FILES__);
// Kept when it is first fetched; at once by a version that follows one that had it.
const LATER = new Map(__LATER__);
// Other pages of the same host have stores of their own, named by their own scopes.
const STORES = `exokernel ${self.registration.scope} `;
const STORE = STORES + VERSION;

const digits = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

// A file that is not the one that was built (a build under way, a half-finished upload) fails the whole
// installation, and the version in use stays.
async function fetched(path, hash) {
  const response = await fetch(new Request(path, { cache: "no-cache" }));
  const body = await response.arrayBuffer();
  if (!response.ok || digits(await crypto.subtle.digest("SHA-256", body)) !== hash) {
    throw new Error(`${path} is not the file of version ${VERSION}`);
  }
  // Made anew: a response that was redirected may not answer for a page.
  return new Response(body, { headers: response.headers });
}

async function fill() {
  const store = await caches.open(STORE);
  const wanted = (await hasLater()) ? [...FILES, ...LATER] : FILES;
  for (const [path, hash] of wanted) {
    await store.put(path, await fetched(path, hash));
  }
}

// Whether a version before this one keeps more than a first visit fetches.
async function hasLater() {
  for (const name of await caches.keys()) {
    if (name.startsWith(STORES) && name !== STORE) {
      const kept = await (await caches.open(name)).keys();
      if (kept.some((request) => request.url.includes("/exo-later-"))) return true;
    }
  }
  return false;
}

async function forgetOthers() {
  for (const name of await caches.keys()) {
    if (name.startsWith(STORES) && name !== STORE) {
      await caches.delete(name);
    }
  }
  await self.clients.claim();
}

// The file of ours that a request is for, if it is one.
function ours(request) {
  const scope = self.registration.scope;
  const address = request.url.split(/[?#]/)[0];
  if (request.method !== "GET" || !address.startsWith(scope)) {
    return null;
  }
  const path = address.slice(scope.length);
  const file = path === "" || path === "index.html" ? "./" : path;
  return FILES.has(file) || LATER.has(file) ? file : null;
}

async function answer(file, request) {
  const store = await caches.open(STORE);
  const kept = await store.match(file);
  if (kept || !LATER.has(file)) return kept ?? fetch(request);
  const response = await fetched(file, LATER.get(file));
  await store.put(file, response.clone()).catch(() => {});
  return response;
}

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers()));
self.addEventListener("message", (event) => {
  if (event.data === "take over") {
    self.skipWaiting();
  }
});
self.addEventListener("fetch", (event) => {
  const file = ours(event.request);
  if (file !== null) {
    event.respondWith(answer(file, event.request));
  }
});
