// What answers when there is no network: the parts of the shell and a page that says so. Nothing about orders or people is kept here,
// and pages and answers of the API always come from the server. A new release changes the addresses below, so it changes this file.

const SHELL = [
  '@asset/app.css', '@asset/kafila.js', '@asset/palette.js', '@asset/search.css', '@asset/dashboard.css',
  '@asset/htmx.js', '@asset/icons.svg', '@asset/icon.svg',
];
const LANGUAGES = ['en', 'fr', 'ar'];
const offline = language => '/offline?lang=' + language;
const CACHE = 'kafila-' + SHELL.map(url => url.split('/')[2]).join('');
// Which language the reader's pages have; a worker cannot see their cookies.
const CHOICE = '/offline-language';

self.addEventListener('install', event => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  await cache.addAll([...SHELL, ...LANGUAGES.map(offline)]);
  await self.skipWaiting();
})()));

self.addEventListener('activate', event => event.waitUntil((async () => {
  const chosen = await caches.match(CHOICE);
  const language = chosen && await chosen.text();
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  if (language) await choose(language);
  await self.clients.claim();
})()));

self.addEventListener('message', event => {
  const language = event.data?.language;
  if (LANGUAGES.includes(language)) event.waitUntil(choose(language));
});

async function choose(language) {
  const cache = await caches.open(CACHE);
  await cache.put(CHOICE, new Response(language));
}

self.addEventListener('fetch', event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  // An address with a hash never changes what it answers.
  if (url.pathname.startsWith('/a/')) event.respondWith(asset(request));
  else if (request.mode === 'navigate') event.respondWith(fetch(request).catch(away));
});

async function asset(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  return kept ?? fetch(request);
}

async function away() {
  const chosen = await caches.match(CHOICE);
  const language = chosen ? await chosen.text() : 'en';
  return await caches.match(offline(language), { ignoreVary: true }) ?? Response.error();
}
