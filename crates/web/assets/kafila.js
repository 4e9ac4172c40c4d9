// What HTML cannot do alone: shortcuts, toasts with a way back, live rows, menus that close, preferences without a reload.
// Every page works without this file; it makes them faster. No inline handlers, no eval, no dependency but htmx for swaps.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const texts = $('#shell-texts')?.dataset ?? {};
const on = (name, selector, handle) => document.addEventListener(name, event => {
  const found = event.target.closest?.(selector);
  if (found) handle(event, found);
});
const typing = element => element?.matches?.('input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]');

// What this tab keeps is of one person: it goes when somebody else is in.
try {
  if (texts.user && sessionStorage.getItem('kafila-user') !== texts.user) {
    sessionStorage.clear();
    sessionStorage.setItem('kafila-user', texts.user);
  }
} catch { /* a browser that keeps nothing */ }

// What only works with script appears with it.
for (const element of $$('[data-show],[data-copy],[data-print],[data-open],[data-close]')) element.hidden = false;

// ---- toasts: 6 s, 10 s with a way back; they wait while somebody points at them or reads them by keyboard
function keep(toast) {
  const seconds = Number(toast.dataset.seconds) || ($('form', toast) ? 10 : 6);
  let timer;
  const start = () => { timer = setTimeout(() => toast.remove(), seconds * 1000); };
  const stop = () => clearTimeout(timer);
  for (const name of ['pointerenter', 'focusin']) toast.addEventListener(name, stop);
  for (const name of ['pointerleave', 'focusout']) toast.addEventListener(name, start);
  start();
}
export function toast(text) {
  const area = $('#toasts');
  if (!area) return;
  const toast = document.createElement('div');
  toast.className = 'toast';
  toast.append(Object.assign(document.createElement('span'), { textContent: text }));
  area.append(toast);
  keep(toast);
  return toast;
}
// A way back stays for its time, also over the pages that come meanwhile.
const BACK = 'kafila-back';
try {
  const way = $('.toast form')?.closest('.toast');
  const kept = JSON.parse(sessionStorage.getItem(BACK));
  const left = (kept?.until ?? 0) - Date.now();
  if (way) sessionStorage.setItem(BACK, JSON.stringify({ html: way.outerHTML, until: Date.now() + 1000 * way.dataset.seconds }));
  else if (left > 0) {
    $('#toasts')?.insertAdjacentHTML('afterbegin', kept.html);
    $('#toasts .toast')?.setAttribute('data-seconds', left / 1000);
  }
} catch { /* nothing is kept then */ }
on('submit', '.toast form', () => { try { sessionStorage.removeItem(BACK); } catch { /* nothing was kept */ } });
$$('.toast').forEach(keep);
if ($('.toast')) {
  // The address said what happened; a reload should not say it again.
  const url = new URL(location.href);
  for (const name of ['done', 'event']) url.searchParams.delete(name);
  history.replaceState(history.state, '', url);
}

// ---- menus and sheets: one at a time, closed by Escape or a click beside them
document.addEventListener('toggle', event => {
  const menu = event.target;
  if (!menu.matches?.('details.menu') || !menu.open) return;
  for (const other of $$('details.menu[open]')) if (other !== menu && !other.contains(menu)) other.open = false;
}, true);
document.addEventListener('click', event => {
  for (const menu of $$('details.menu[open]')) if (!menu.contains(event.target)) menu.open = false;
});
on('click', '[data-close]', (_, button) => {
  const dialog = button.closest('dialog');
  if (dialog) dialog.close(); else button.closest('details').open = false;
});
// What asks before it is done: without script the question stands in the page, with it a dialog keeps the rest away.
document.addEventListener('toggle', event => {
  const dialog = event.target.matches?.('details.sure') && event.target.open && $('dialog', event.target);
  if (!dialog) return;
  dialog.removeAttribute('open');
  dialog.showModal();
  dialog.addEventListener('close', () => { event.target.open = false; $('summary', event.target).focus(); }, { once: true });
}, true);
on('click', '[data-open]', (_, button) => {
  button.closest('details.menu')?.removeAttribute('open');
  if (button.dataset.open === 'keys') help(); else $('#' + button.dataset.open)?.showModal();
});
// The sheet of shortcuts names those of this page, too, by the buttons that bear them.
function help() {
  const sheet = $('#keys'), head = $('[data-keys-here]', sheet);
  if (!sheet) return;
  for (const old of $$('[data-here]', sheet)) old.remove();
  const known = new Set(['/', 'z', '.', 'mod+k']);
  for (const one of $$('[data-key]')) {
    const name = one.getAttribute('aria-label') || one.textContent.replace(/\s+/g, ' ').trim().replace(/ \S$/, '');
    if (known.has(one.dataset.key) || !name || one.closest('dialog')) continue;
    known.add(one.dataset.key);
    const key = document.createElement('span');
    key.append(Object.assign(document.createElement('kbd'), { textContent: one.dataset.key.toUpperCase() }));
    head.parentElement.append(key, Object.assign(document.createElement('span'), { textContent: name }));
    for (const made of [key, key.nextSibling]) made.dataset.here = '';
  }
  head.hidden = !$('[data-here]', sheet);
  sheet.showModal();
}

// ---- fields
on('click', '[data-show]', (_, button) => {
  const input = $('#' + button.dataset.show);
  const shows = input.type === 'password';
  input.type = shows ? 'text' : 'password';
  button.setAttribute('aria-pressed', shows);
});
on('click', '[data-copy]', async (_, button) => {
  await navigator.clipboard.writeText(button.dataset.copy);
  toast(texts.copied);
});
on('click', '[data-print]', () => print());
// A page that the browser still has comes back with what was typed in it.
on('click', '[data-back]', event => { if (history.length > 1) { event.preventDefault(); history.back(); } });
// A form is sent once; its button waits and keeps its width. A page that stood open for long asks first whether its session is still
// there, so that what was typed is not lost on the way to the door.
let spoke = Date.now();
document.addEventListener('submit', event => {
  const form = event.target;
  if (form.method !== 'post' || event.defaultPrevented) return;
  if (form.classList.contains('busy')) { event.preventDefault(); return; }
  if ($('#session') && Date.now() - spoke > 300000 && $('textarea,input:not([type=hidden])', form)) {
    event.preventDefault();
    const button = event.submitter;
    signedIn().then(is => { if (is) form.requestSubmit(button); });
    return;
  }
  if (form.getAttribute('action') === '/sign-out') sessionStorage.clear();
  form.classList.add('busy');
  dirty = false;
});
// Whether we are still in, as the same person; new proof goes into the forms. True as well when the server cannot be asked.
async function signedIn() {
  const answer = await fetch('/app/session', { redirect: 'manual', cache: 'no-store' }).catch(() => null);
  if (!answer) return true;
  if (!answer.ok) { over(); return false; }
  const { user, csrf } = await answer.json();
  if (user !== texts.user) { location.reload(); return false; }
  for (const field of $$('input[name=csrf]')) field.value = csrf;
  const meta = $('meta[name=csrf]');
  if (meta) meta.content = csrf;
  spoke = Date.now();
  return true;
}
function over() {
  const dialog = $('#session');
  if (!dialog) location.reload(); else if (!dialog.open) dialog.showModal();
}
addEventListener('focus', async () => {
  const dialog = $('#session');
  if (!dialog?.open) return;
  const answer = await fetch('/app/session', { redirect: 'manual', cache: 'no-store' }).catch(() => null);
  if (answer?.ok && await signedIn()) { dialog.close(); toast(texts.backIn); }
});
addEventListener('pageshow', () => $$('form.busy').forEach(form => form.classList.remove('busy')));
document.addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.matches('textarea')) event.target.form?.requestSubmit();
});
// Unsaved words are not lost by a stray click.
let dirty = false;
on('input', '[data-guard]', (_, form) => { dirty = $$('textarea,input:not([type=hidden])', form).some(one => one.value !== one.defaultValue); });
addEventListener('beforeunload', event => { if (dirty) event.preventDefault(); });
// Empty filters do not belong into the address.
document.addEventListener('htmx:config:request', event => {
  const { ctx } = event.detail;
  if (ctx.request.method !== 'GET' || !(ctx.request.body instanceof FormData)) return;
  // A name may stand twice, once empty.
  const body = ctx.request.body;
  const kept = [...body].filter(([, value]) => value !== '');
  for (const name of new Set(body.keys())) body.delete(name);
  for (const [name, value] of kept) body.append(name, value);
  if (ctx.sourceElement?.matches('[data-filters]')) ctx.request.body.delete('page');
});
on('submit', '[data-filters]', (_, form) => { for (const one of form.elements) if (one.name && one.value === '') one.disabled = true; });
// Leaving the search box tells the form of a change that it has sent already.
document.addEventListener('htmx:before:request', event => {
  const { ctx } = event.detail;
  if (ctx.sourceElement?.matches('[data-filters]') && ctx.request.action === location.pathname + location.search) event.preventDefault();
});
// With Shift a column's head adds it as the second key of the sort.
document.addEventListener('click', event => {
  const link = event.shiftKey && event.target.closest?.('a[data-then]');
  if (!link) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  htmx.ajax('GET', link.dataset.then, { source: link });
}, true);
// The row that somebody stands on stays the same while the list around it changes.
let current;
document.addEventListener('htmx:before:swap', () => { current = $('tr.cur')?.id; });
document.addEventListener('htmx:after:swap', () => document.getElementById(current)?.classList.add('cur'));
for (const [name, adds] of [['htmx:before:request', true], ['htmx:finally:request', false]]) {
  document.addEventListener(name, event => {
    const { target: region, sourceElement: source } = event.detail.ctx ?? {};
    // What is asked for again and again by itself does not flicker.
    if (!region?.id || source?.matches('[hx-trigger*=every],[data-fresh]')) return;
    region.classList.toggle('loading', adds);
    if (adds) region.setAttribute('aria-busy', true); else region.removeAttribute('aria-busy');
  });
}
for (const name of ['htmx:error', 'htmx:response:error']) {
  document.addEventListener(name, event => {
    const status = event.detail.ctx?.response?.status;
    if (status === 401) over(); else if (!status) toast(texts.failed);
  });
}

if (location.hash === '#q') $('#q')?.focus();

// ---- search everywhere: its script comes when somebody asks for it
async function find(event) {
  if (!texts.palette) return;
  event.preventDefault();
  const old = event.target.value ?? '';
  const { show } = await import(texts.palette);
  const text = event.target.value ?? '';
  show(text, text === old);
}
on('click', '[data-find]', (event, box) => { if (!box.matches('form') || event.target.matches('input,kbd,svg,form')) find(event); });
// Pages that this tab has shown, for the box.
if ($('.shell') && $('h1')) {
  try {
    const page = { href: location.pathname, title: document.title.replace(/ · Kafila$/, '') };
    const pages = JSON.parse(sessionStorage.getItem('kafila-recent')) ?? [];
    sessionStorage.setItem('kafila-recent', JSON.stringify([page, ...pages.filter(one => one.href !== page.href)].slice(0, 8)));
  } catch { /* a browser that keeps nothing */ }
}

// ---- theme at once, kept by the server
on('submit', '[data-themes]', (event, form) => {
  const value = event.submitter?.value;
  if (!value) return;
  event.preventDefault();
  const root = document.documentElement;
  if (value === 'system') root.removeAttribute('data-theme'); else root.dataset.theme = value;
  for (const button of $$('[data-themes] button')) button.toggleAttribute('aria-pressed', button.value === value);
  for (const button of $$('[data-themes] [aria-pressed]')) button.setAttribute('aria-pressed', true);
  const body = new URLSearchParams(new FormData(form));
  body.set('theme', value);
  fetch(form.action, { method: 'POST', body, redirect: 'manual' }).catch(() => toast(texts.failed));
  form.closest('details.menu').open = false;
});

// ---- offline: the browser's word is checked, for a shop's own network may have no internet and still reach us
async function network() {
  const reached = navigator.onLine || await fetch('/healthz', { cache: 'no-store' }).then(() => true, () => false);
  document.body.classList.toggle('is-offline', !reached);
}
addEventListener('online', network);
addEventListener('offline', network);
network();

// ---- the worker that answers without a network, and a word when a new release came while the page stood open
navigator.serviceWorker?.register('/sw.js').then(found => {
  found.active?.postMessage({ language: document.documentElement.lang });
  found.addEventListener('updatefound', () => {
    const next = found.installing;
    next?.addEventListener('statechange', () => {
      if (next.state === 'activated') next.postMessage({ language: document.documentElement.lang });
      if (next.state === 'installed' && navigator.serviceWorker.controller) renewed();
    });
  });
}).catch(() => { /* a browser that allows none */ });
function renewed() {
  if (!texts.fresh) return;
  const note = toast(texts.fresh);
  const link = Object.assign(document.createElement('a'), { className: 'btn sm', href: location.href, textContent: texts.reload });
  note?.append(link);
}

// ---- parts of a page that follow the orders: at most each 15 s, and only while somebody looks
let stale = false;
setInterval(() => {
  if (!stale || document.hidden) return;
  stale = false;
  for (const part of $$('[data-fresh]')) htmx.trigger(part, 'refresh');
}, 15000);

// ---- live: the stream says which orders changed, the page asks for those in view
const stream = $('[data-stream]');
let heard = Date.now();
let lost = false;
function live(is) {
  lost = !is;
  for (const dot of $$('[data-live]')) { dot.classList.toggle('live', is); dot.classList.toggle('lost', !is); }
  for (const text of $$('[data-live-text]')) text.textContent = is ? texts.live : texts.lost;
}
if (stream) {
  const alive = () => { heard = Date.now(); if (lost || !$('[data-live].live')) live(true); };
  document.addEventListener('htmx:sse:after:connection', alive);
  document.addEventListener('htmx:sse:before:message', alive);
  document.addEventListener('htmx:sse:error', () => live(false));
  setInterval(() => { if (!document.hidden && Date.now() - heard > 60000) live(false); }, 5000);
  stream.addEventListener('change', event => {
    const { topic, id } = JSON.parse(event.detail.data);
    if (topic === 'order') changed([id]);
    stale = true;
  });
  // Too much was missed: everything in view is asked for again.
  stream.addEventListener('reload', () => { stale = hasPlaced = true; changed($$('#orders tbody tr').map(row => row.id)); });
}
let waiting = new Set(), timer, hasPlaced = false;
function changed(ids) {
  if (stream.dataset.order) {
    if (ids.includes(stream.dataset.order)) compare(stream.dataset);
    return;
  }
  // An order that is not in view may be new.
  for (const id of ids) if (document.getElementById(id)) waiting.add(id); else hasPlaced = true;
  timer ??= setTimeout(look, 800);
}
// One's own change comes back on the stream, too: only a newer version than the page's is news.
async function compare({ order, version }) {
  const holder = document.createElement('template');
  holder.innerHTML = await ask('/app/orders/rows?ids=' + order);
  const row = $('tr', holder.content);
  if (row && Number(row.dataset.version) > Number(version)) $('[data-changed]').hidden = false;
}
async function look() {
  timer = null;
  const list = $('#orders');
  const [ids, asks] = [[...waiting].slice(0, 100), hasPlaced];
  waiting = new Set();
  hasPlaced = false;
  if (!list) return;
  if (ids.length) {
    const holder = document.createElement('template');
    holder.innerHTML = await ask('/app/orders/rows?ids=' + ids.join(',') + '&' + list.dataset.query);
    for (const row of $$('tr', holder.content)) {
      const old = document.getElementById(row.id);
      if (!old) continue;
      const had = old.contains(document.activeElement);
      row.classList.add('fl');
      for (const state of ['cur', 'on']) if (old.classList.contains(state)) row.classList.add(state);
      if ($('.ck', row)) $('.ck', row).checked = $('.ck', old)?.checked;
      old.replaceWith(row);
      if (had) $('a', row)?.focus();
    }
  }
  if (asks) {
    const query = new URLSearchParams(list.dataset.query);
    query.set('since', list.dataset.since);
    const words = (await ask('/app/orders/fresh?' + query)).trim();
    const bar = $('#fresh');
    bar.hidden = !words;
    $('span', bar).textContent = words;
  }
}
async function ask(url) {
  try {
    const answer = await fetch(url, { headers: { 'HX-Request-Type': 'partial' } });
    return answer.ok ? await answer.text() : '';
  } catch {
    return '';
  }
}

// ---- rows: a click anywhere opens, j and k move
on('click', '#orders tbody tr', (event, row) => {
  if (event.target.closest('a,button,input,label') || getSelection().toString()) return;
  const link = $('a.ref', row);
  if (event.ctrlKey || event.metaKey) open(link.href); else link.click();
});
// The page of an order goes to the one before and after in the list that it was opened from.
addEventListener('pagehide', () => {
  const ids = $$('#orders tbody tr').map(row => row.id);
  try { if (ids.length) sessionStorage.setItem('kafila-list', JSON.stringify({ ids })); } catch { /* then without */ }
});
function move(by) {
  const rows = $$(':is(#orders,#people) tbody tr');
  if (!rows.length) return false;
  const at = rows.findIndex(row => row.classList.contains('cur'));
  const to = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
  rows[at]?.classList.remove('cur');
  to.classList.add('cur');
  $('a.ref', to).focus({ preventScroll: true });
  to.scrollIntoView({ block: 'nearest' });
  return true;
}
function view(by) {
  const tabs = $$('.tabs a');
  const at = tabs.findIndex(tab => tab.hasAttribute('aria-current'));
  tabs[at + by]?.click();
}

// ---- shortcuts: never while typing; an element names its key by data-key
let first = '';
document.addEventListener('keydown', event => {
  if (event.key === 'Escape') {
    const menu = $('details.menu[open]');
    if (menu) { menu.open = false; $('summary', menu).focus(); }
    else if (typing(event.target)) event.target.blur();
    return;
  }
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const mod = event.ctrlKey || event.metaKey;
  if (mod && key === 'k') return find(event);
  if (mod || event.altKey || event.isComposing || typing(event.target) || $('dialog[open]') || $('[data-keys=off]')) return;
  if (first === 'g') {
    first = '';
    const place = $(`[data-go="${CSS.escape(key)}"]`);
    if (place) { event.preventDefault(); location.assign(place.href); return; }
  }
  first = key === 'g' ? 'g' : '';
  const moves = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
  if (key in moves && (key.length === 1 || $('tr.cur')) && move(moves[key])) { event.preventDefault(); return; }
  if (key === 'o' && $('tr.cur')) $('tr.cur a.ref').click();
  else if (key === '[' || key === ']') view(key === ']' ? 1 : -1);
  else if (key === '?') help();
  else press(key, event);
});
function press(key, event) {
  const target = $$(`[data-key="${CSS.escape(key)}"]`).find(one => one.offsetParent !== null);
  if (!target) return;
  event.preventDefault();
  if (typing(target)) { target.focus(); target.select?.(); } else target.click();
}
