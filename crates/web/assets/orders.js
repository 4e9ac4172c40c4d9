// The list of orders, what HTML cannot do alone: sheets beside it, ticked rows, actions on the row under the pointer, a short look by
// Space, live counts, and coming back to where one was. Every sheet is a page of its own without this file.

import { toast } from '@asset/kafila.js';

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const texts = $('#list-texts')?.dataset ?? {};
const typing = element => element?.matches?.('input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]');
const ask = async url => {
  const answer = await fetch(url, { headers: { 'HX-Request-Type': 'partial' } });
  if (answer.redirected && new URL(answer.url).pathname === '/sign-in') location.reload();
  return answer.ok ? answer.text() : '';
};
const rows = () => $$('#orders tbody tr');
const here = () => location.pathname + location.search;

function ready(root) {
  for (const element of $$('[data-copy],[data-pick-page],[data-pick-none],[data-picking]', root)) element.hidden = false;
  for (const element of $$('[data-hide]', root)) element.hidden = true;
}

// ---- sheets: a link or a button of a form whose answer is shown beside the list
const sheet = $('#sheet');
let opener;
async function show(url) {
  let html = '';
  try { html = await ask(url); } catch { /* said below */ }
  if (!html) { location.assign(url); return; }
  if (!sheet.open) opener = document.activeElement;
  sheet.innerHTML = html;
  ready(sheet);
  if (!sheet.open) sheet.showModal();
  $('h2', sheet)?.focus();
  sheet.scrollTop = 0;
}
if (sheet) {
  document.addEventListener('click', event => {
    const target = event.target.closest?.('a[data-sheet],button[data-sheet]');
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    target.closest('details.menu')?.removeAttribute('open');
    if (target.matches('a')) { show(target.href); return; }
    const form = target.form;
    const fields = new URLSearchParams(new FormData(form, target));
    show((target.hasAttribute('formaction') ? target.formAction : form.action) + '?' + fields);
  });
  // Beside the sheet is out of it.
  sheet.addEventListener('click', event => { if (event.target === sheet) sheet.close(); });
  sheet.addEventListener('close', () => { sheet.replaceChildren(); opener?.focus?.({ preventScroll: true }); });
}

// ---- filters: how many orders the button would show; empty fields stay out of the address
let counting;
document.addEventListener('input', event => {
  const form = event.target.closest?.('[data-count-url]');
  if (!form) return;
  clearTimeout(counting);
  counting = setTimeout(async () => {
    const words = await ask(form.dataset.countUrl + '?' + new URLSearchParams(filled(form))).catch(() => '');
    if (words && form.isConnected) $('[data-count-words]', form).textContent = words;
  }, 250);
  for (const group of $$('.group', form)) {
    const chosen = $$('input:checked', group).length;
    const summary = $('summary', group);
    const badge = $('b', summary) ?? summary.insertBefore(Object.assign(document.createElement('b'), { className: 'num' }), $('svg', summary));
    badge.textContent = chosen || '';
    badge.hidden = !chosen;
  }
});
function filled(form) {
  return [...new FormData(form)].filter(([, value]) => value !== '');
}
document.addEventListener('submit', event => {
  if (!event.target.matches('[data-empty]')) return;
  for (const one of event.target.elements) if (one.name && one.value === '') one.disabled = true;
});
document.addEventListener('change', event => {
  if (event.target.matches?.('[data-submit]')) event.target.form.requestSubmit();
});

// ---- columns: moved in place
document.addEventListener('click', event => {
  const button = event.target.closest?.('[data-order] button');
  if (!button) return;
  event.preventDefault();
  const line = button.closest('li');
  const other = button.name === 'up' ? line.previousElementSibling : line.nextElementSibling;
  if (!other || !$('button', other)) return;
  if (button.name === 'up') other.before(line); else other.after(line);
  button.focus();
});

// ---- ticked rows
const boxes = () => $$('#orders tbody input[name=id]');
let anchor = -1;
function ticked() {
  const all = boxes();
  const on = all.filter(box => box.checked);
  for (const box of all) box.closest('tr').classList.toggle('on', box.checked);
  const bar = $('#bulk');
  if (!bar) return;
  bar.classList.toggle('open', on.length > 0);
  const page = $('[data-pick-page]');
  if (page) { page.checked = all.length > 0 && on.length === all.length; page.indeterminate = on.length > 0 && on.length < all.length; }
  const whole = $('input[name=all]', bar);
  if (whole) {
    const canAll = on.length === all.length && all.length > 0;
    whole.closest('label').hidden = !canAll;
    if (!canAll) whole.checked = false;
  }
  const said = $('[data-ticked]', bar);
  // The words of the box hold how many there are, as the reader writes numbers.
  const wholeCount = whole?.checked && whole.closest('label').textContent.match(/\d[\d.,\u00a0\u202f]*/)?.[0];
  if (wholeCount) said.textContent = texts.many.replace('#', wholeCount);
  else said.textContent = on.length === 1 ? texts.one : texts.many.replace('#', on.length);
  remember();
}
function tick(box, on, extends_) {
  const all = boxes();
  const at = all.indexOf(box);
  const from = extends_ && anchor >= 0 ? anchor : at;
  for (const one of all.slice(Math.min(from, at), Math.max(from, at) + 1)) one.checked = on;
  anchor = at;
  ticked();
}
document.addEventListener('click', event => {
  const cell = event.target.closest?.('#orders tbody .c-sel');
  if (!cell) return;
  const box = $('input', cell);
  // The cell around the box is the box.
  const on = event.target === box ? box.checked : !box.checked;
  if (event.target !== box) { event.preventDefault(); event.stopImmediatePropagation(); }
  tick(box, on, event.shiftKey);
}, true);
document.addEventListener('click', event => {
  const page = event.target.closest?.('[data-pick-page]');
  if (page) { for (const box of boxes()) box.checked = page.checked; ticked(); }
  if (event.target.matches?.('#bulk input[name=all]')) ticked();
  if (event.target.closest?.('[data-pick-none]')) { for (const box of boxes()) box.checked = false; ticked(); }
});

// On a phone cards are ticked after Select or a long press; then a touch ticks, and does not open.
function picking(on) {
  $('#orders')?.classList.toggle('picking', on);
  $('[data-picking]')?.setAttribute('aria-pressed', on);
  if (!on) { for (const box of boxes()) box.checked = false; ticked(); }
}
document.addEventListener('click', event => {
  if (event.target.closest?.('[data-picking]')) { picking(!$('#orders').classList.contains('picking')); return; }
  const row = event.target.closest?.('#orders.picking tbody tr');
  if (!row || innerWidth > 960 || event.target.closest('.c-sel')) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const box = $('input[name=id]', row);
  tick(box, !box.checked, false);
}, true);
let pressed;
document.addEventListener('pointerdown', event => {
  const row = event.pointerType === 'touch' && event.target.closest?.('#orders tbody tr');
  if (!row || !$('input[name=id]', row)) return;
  pressed = setTimeout(() => { picking(true); tick($('input[name=id]', row), true, false); }, 550);
});
for (const kind of ['pointerup', 'pointercancel', 'pointermove', 'scroll']) document.addEventListener(kind, () => clearTimeout(pressed), { passive: true });
document.addEventListener('contextmenu', event => {
  if (event.target.closest?.('#orders.picking tbody tr')) event.preventDefault();
});

// ---- the row under the pointer or the focus: call, next step, everything else
let acts;
function offer(row) {
  const holder = $('#list-texts');
  if (!holder || !row || acts?.parentElement?.parentElement === row) return;
  acts ??= holder.content.firstElementChild.cloneNode(true);
  const { dial, next, verb, version } = row.dataset;
  const [call, move, more] = [$('[data-call]', acts), $('[data-next]', acts), $('[data-quick]', acts)];
  call.hidden = !dial;
  if (dial) { call.href = 'tel:' + dial; name(call, texts.call); }
  move.hidden = !next;
  if (next) { move.value = `${row.id}.${version}.${next}`; name(move, verb); }
  more.href = quick(row);
  name(more, texts.quick);
  row.lastElementChild.append(acts);
}
function name(element, words) { element.title = words; element.setAttribute('aria-label', words); }
const quick = row => `/app/orders/${row.id}/quick?back=${encodeURIComponent(here())}`;
for (const kind of ['pointerover', 'focusin']) {
  document.addEventListener(kind, event => { if (innerWidth > 720) offer(event.target.closest?.('#orders tbody tr')); });
}

// ---- a telephone copies on a click
document.addEventListener('click', async event => {
  const phone = event.target.closest?.('#orders .c-who small bdi');
  if (!phone || getSelection().toString()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  await navigator.clipboard.writeText(phone.textContent.trim());
  toast($('#shell-texts').dataset.copied);
}, true);

// ---- keys of the row that one stands on
let before = '';
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || $('dialog[open],[data-keys=off]')) return;
  // After g a key names a place to go to.
  const goes = before === 'g';
  before = event.key.toLowerCase();
  if (goes) return;
  const row = $('#orders tr.cur') ?? event.target.closest?.('#orders tbody tr');
  if (!row) return;
  const key = event.key.toLowerCase();
  if (key === 'x') {
    const box = $('input[name=id]', row);
    if (!box) return;
    event.preventDefault();
    tick(box, event.shiftKey || !box.checked, event.shiftKey);
  } else if (key === ' ' && !event.target.matches('button,summary,input,[data-call],[data-quick]')) {
    event.preventDefault();
    show(quick(row));
  } else if (key === 'a' && texts.gives) {
    event.preventDefault();
    show(quick(row)).then(() => $('[data-give]', sheet)?.focus());
  } else if (key === 'c' && row.dataset.next === 'confirm') {
    event.preventDefault();
    offer(row);
    $('[data-next]', row)?.click();
  } else if (key === 'l' && row.dataset.dial) {
    event.preventDefault();
    location.assign('tel:' + row.dataset.dial);
  }
});

// ---- coming back: the same place, the same row, the same ticks
const KEPT = 'orders';
function remember() {
  if (!$('#orders')) return;
  const kept = { url: here(), y: scrollY, cur: $('#orders tr.cur')?.id, ids: boxes().filter(box => box.checked).map(box => box.value) };
  try { sessionStorage.setItem(KEPT, JSON.stringify(kept)); } catch { /* then it begins at the top */ }
}
function recall() {
  let kept;
  try { kept = JSON.parse(sessionStorage.getItem(KEPT)); } catch { /* nothing kept */ }
  if (kept?.url !== here()) return;
  for (const box of boxes()) box.checked = kept.ids.includes(box.value);
  const row = kept.cur && document.getElementById(kept.cur);
  if (row) { row.classList.add('cur'); $('a.ref', row)?.focus({ preventScroll: true }); }
  if (kept.y) scrollTo(0, kept.y);
}
document.addEventListener('click', event => {
  const row = event.target.closest?.('#orders tbody tr');
  if (!row || !event.target.closest('a.ref')) return;
  $('#orders tr.cur')?.classList.remove('cur');
  row.classList.add('cur');
});
addEventListener('pagehide', remember);

// ---- how many orders each view has
let counted = false;
async function counts() {
  if (!$('#orders .tabs')) return;
  try {
    const known = JSON.parse(await ask('/app/orders/counts') || '{}');
    for (const tab of $$('#orders [data-tab]')) {
      const count = known[tab.dataset.tab];
      if (count !== undefined) $('[data-count]', tab).textContent = count;
    }
    if (!counted) $('#orders .tabs [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    counted = true;
  } catch { /* they come with the next change */ }
}
let soon;
$('[data-stream]')?.addEventListener('change', () => {
  soon ??= setTimeout(() => { soon = null; counts(); }, 5000);
});

// ---- work under way: its part is asked for until it ends
function poll(region) {
  if (!region) return;
  setTimeout(async () => {
    if (!region.isConnected) return;
    let html = '';
    try { html = await ask(region.dataset.poll + (region.dataset.poll === location.pathname ? location.search : '')); } catch { /* asked again */ }
    const holder = document.createElement('template');
    holder.innerHTML = html;
    const fresh = holder.content.firstElementChild;
    if (!fresh) { poll(region); return; }
    const focus = document.activeElement?.id;
    region.replaceWith(fresh);
    ready(fresh);
    if (focus) document.getElementById(focus)?.focus();
    if (fresh.dataset.poll) poll(fresh);
  }, 1000);
}
poll($('[data-poll]'));

document.addEventListener('htmx:after:swap', () => {
  acts = null;
  anchor = -1;
  ready(document);
  ticked();
  counts();
  // The open view stays in sight.
  $('#orders .tabs [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
});
ready(document);
if ($('#orders')) {
  $('#orders .tabs [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  recall();
  ticked();
  counts();
}
