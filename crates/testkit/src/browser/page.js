// What the tests ask a page for. Answers elements, texts and figures; changes nothing.
// What is drawn for readers of screens alone is one pixel large.
const seen = element => {
  const box = element.getBoundingClientRect();
  return element.checkVisibility({ checkVisibilityCSS: true }) && box.width > 1 && box.height > 1;
};
const plain = text => (text ?? '').replace(/[\u2066-\u2069\u200e\u200f]/g, '').replace(/\s+/g, ' ').trim();
// As people read it: without keys and icons, which are drawn beside the words.
const words = element => {
  const copy = element.cloneNode(true);
  for (const one of copy.querySelectorAll('kbd,svg,[aria-hidden=true]')) one.remove();
  return plain(copy.textContent);
};
const named = element => [plain(element.getAttribute('aria-label')), words(element), plain(element.getAttribute('title')), plain(element.value)].filter(Boolean);
const best = (all, text) => all.find(one => named(one).includes(text)) ?? all.find(one => named(one).some(name => name.startsWith(text)));
const scope = () => document.querySelector('dialog[open]') ?? document;
const pressable = text => {
  const all = [...scope().querySelectorAll('a[href],button,summary,[role=button],[role=option],[role=menuitem],label,input[type=submit]')];
  return best(all.filter(seen), text);
};
const field = text => {
  const labelled = best([...scope().querySelectorAll('label')].filter(one => one.control && seen(one)), text);
  if (labelled) return labelled.control;
  const all = [...scope().querySelectorAll('input:not([type=hidden]),textarea,select')].filter(seen);
  const names = one => [plain(one.getAttribute('aria-label')), plain(one.placeholder)];
  return all.find(one => names(one).includes(text)) ?? all.find(one => names(one).some(name => name.startsWith(text)));
};
const shown = selector => [...document.querySelectorAll(selector)].find(seen) ?? null;
