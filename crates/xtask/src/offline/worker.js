// Keeps one version of the page, file by file as it was built, so that it opens without a network.
// Written by `cargo xtask build`, which puts the version and the files in.
"use strict";

const VERSION = "__VERSION__";
const FILES = new Map(__FILES__);
// Kept when it is first fetched, or when the page has rested for a while; at once by a version that follows one that
// had it.
const LATER = new Map(__LATER__);
// Other pages of the same host have stores of their own, named by their own scopes.
const STORES = `exokernel ${self.registration.scope} `;
const STORE = STORES + VERSION;
// In the store of a version that another one has followed: the tabs that were opened with it.
const USERS = "users.json";

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
  for (const name of await others()) {
    const kept = await (await caches.open(name)).keys();
    if (kept.some((request) => request.url.includes("/exo-later-"))) return true;
  }
  return false;
}

// What tabs are open, by the browser's names for them.
async function tabs() {
  const all = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  return all.filter((tab) => tab.url.startsWith(self.registration.scope)).map((tab) => tab.id);
}

// The stores of other versions.
async function others() {
  return (await caches.keys()).filter((name) => name.startsWith(STORES) && name !== STORE);
}

// This version is used from now on. What is open was opened with another one, whose files stay for it.
async function takeOver() {
  const open = JSON.stringify(await tabs());
  for (const name of await others()) {
    const store = await caches.open(name);
    if (!(await store.match(USERS))) await store.put(USERS, new Response(open));
  }
  await forgetOthers();
  await self.clients.claim();
}

let alone = false;

// Deletes the files of each other version that no open tab uses.
async function forgetOthers() {
  if (alone) return;
  const names = await others();
  const open = await tabs();
  for (const name of names) {
    // Not by opening it, which would make one that has just been deleted anew.
    const users = await caches.match(USERS, { cacheName: name });
    // One without a list waits to be used.
    if (users && !(await users.json()).some((tab) => open.includes(tab))) await caches.delete(name);
  }
  alone = names.length === 0;
}

// A file that only another version has, for a tab that was opened with it.
async function fromOthers(request) {
  for (const name of await others()) {
    const kept = await caches.match(request, { cacheName: name });
    if (kept) return kept;
  }
  return fetch(request);
}

// What a first visit does not fetch.
async function keepTheRest() {
  const store = await caches.open(STORE);
  for (const [path, hash] of LATER) {
    if (!(await store.match(path))) await store.put(path, await fetched(path, hash));
  }
}

// The file of this version that a request is for, if it is one.
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
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => {
  if (event.data === "take over") {
    self.skipWaiting();
  } else if (event.data === "keep the rest") {
    // Without a connection it is tried again by the next visit.
    event.waitUntil(keepTheRest().catch(() => {}));
  }
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const file = ours(request);
  if (file !== null) {
    event.respondWith(answer(file, request));
  } else if (!alone && request.method === "GET" && request.url.startsWith(self.registration.scope)) {
    event.respondWith(fromOthers(request));
  }
  event.waitUntil(forgetOthers());
});
