// Shows the OpenAPI document of this server. Everything is built with text nodes, so nothing in the
// document can become markup.

const find = document.getElementById('find');
const contents = document.getElementById('contents');
const operations = document.getElementById('operations');
const schemaList = document.getElementById('schema-list');
const status = document.getElementById('status');
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function make(name, props = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (key === 'class') node.className = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Backquotes become code, **stars** bold; the rest stays text. */
function words(text) {
  return (text ?? '').split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    if (part.startsWith('`')) return make('code', {}, part.slice(1, -1));
    if (part.startsWith('**')) return make('strong', {}, part.slice(2, -2));
    return document.createTextNode(part);
  });
}

let doc;

function resolve(thing) {
  if (!thing?.$ref) return thing;
  return thing.$ref.slice(2).split('/').reduce((at, key) => at?.[key], doc);
}

function nameOf(schema) {
  return schema?.$ref?.split('/').pop();
}

function kind(schema) {
  if (!schema) return document.createTextNode('');
  const name = nameOf(schema);
  if (name) return make('a', { href: `#schema-${name}` }, name);
  if (schema.allOf) return kind(schema.allOf[0]);
  if (schema.oneOf) {
    const parts = schema.oneOf.flatMap((one, place) => (place ? [' or ', kind(one)] : [kind(one)]));
    return make('span', {}, ...parts);
  }
  if (schema.type === 'array' || (Array.isArray(schema.type) && schema.type.includes('array'))) {
    return make('span', {}, 'list of ', kind(schema.items));
  }
  let text = [schema.type ?? 'anything'].flat().join(' or ');
  if (schema.format) text += `, ${schema.format}`;
  if (schema.enum) text = schema.enum.filter((one) => one !== null).join(' | ');
  else if (schema.additionalProperties && typeof schema.additionalProperties === 'object') {
    return make('span', {}, 'object of ', kind(schema.additionalProperties));
  }
  return document.createTextNode(text);
}

function example(schema, depth = 0) {
  const own = schema?.examples?.[0] ?? schema?.example;
  if (own !== undefined) return own;
  schema = resolve(schema);
  if (!schema || depth > 5) return null;
  if (schema.examples?.length) return schema.examples[0];
  if (schema.enum) return schema.enum[0];
  if (schema.allOf) return example(schema.allOf[0], depth + 1);
  if (schema.oneOf) return example(schema.oneOf[0], depth + 1);
  const type = [schema.type].flat()[0];
  if (type === 'array') return [example(schema.items, depth + 1)];
  if (type === 'integer' || type === 'number') return schema.minimum > 0 ? schema.minimum : 0;
  if (type === 'boolean') return false;
  if (type === 'string') return '…';
  if (schema.properties) {
    const needed = new Set(schema.required ?? []);
    const shown = Object.entries(schema.properties).filter(([name, part]) => needed.has(name) || part.examples || needed.size === 0);
    return Object.fromEntries(shown.map(([name, part]) => [name, example(part, depth + 1)]));
  }
  return {};
}

function fields(schema) {
  const whole = resolve(schema);
  if (!whole?.properties) return make('p', { class: 'kind' }, kind(schema));
  const needed = new Set(whole.required ?? []);
  const rows = Object.entries(whole.properties).map(([name, part]) =>
    make('tr', {},
      make('td', {}, make('code', {}, name), needed.has(name) ? make('span', { class: 'need' }, ' needed') : null),
      make('td', { class: 'kind' }, kind(part)),
      make('td', {}, ...words(part.description))));
  return table(['Field', 'Kind', 'Meaning'], rows);
}

function table(heads, rows) {
  return make('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': heads.join(', ') },
    make('table', {},
      make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, head)))),
      make('tbody', {}, ...rows)));
}

function code(text) {
  const button = make('button', { type: 'button', class: 'copy' }, 'Copy');
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  });
  return make('div', {}, button, make('pre', { tabindex: '0' }, make('code', {}, text)));
}

function curl(method, path, operation) {
  const parameters = (operation.parameters ?? []).map(resolve);
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => {
    const parameter = parameters.find((one) => one.in === 'path' && one.name === name);
    return String(example(parameter?.schema) ?? name);
  });
  const lines = [`curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}'${location.origin}${filled}'`];
  if (!operation.security || operation.security.length) lines.push(`-H "Authorization: Bearer $KAFILA_KEY"`);
  if (parameters.some((one) => one.name === 'Idempotency-Key')) lines.push(`-H "Idempotency-Key: $(uuidgen)"`);
  const body = operation.requestBody?.content?.['application/json'];
  if (body) {
    lines.push(`-H 'Content-Type: application/json'`);
    lines.push(`-d '${JSON.stringify(example(body.schema), null, 2).replaceAll("'", "'\\''")}'`);
  }
  return lines.join(' \\\n  ');
}

function inside(method, path, operation) {
  const parts = [make('p', {}, ...words(operation.description))];
  const parameters = (operation.parameters ?? []).map(resolve);
  if (parameters.length) {
    const rows = parameters.map((one) =>
      make('tr', {},
        make('td', {}, make('code', {}, one.name), one.required ? make('span', { class: 'need' }, ' needed') : null),
        make('td', { class: 'kind' }, `${one.in}, `, kind(one.schema)),
        make('td', {}, ...words(one.description))));
    parts.push(make('h3', {}, 'Parameters'), table(['Name', 'Kind', 'Meaning'], rows));
  }
  for (const [type, content] of Object.entries(operation.requestBody?.content ?? {})) {
    parts.push(make('h3', {}, `Body (${type})`), fields(content.schema));
  }
  const answers = Object.entries(operation.responses ?? {});
  const rows = answers.map(([number, one]) => {
    const answer = resolve(one);
    const content = Object.values(answer?.content ?? {})[0];
    return make('tr', {}, make('td', {}, make('code', {}, number)), make('td', { class: 'kind' }, kind(content?.schema)), make('td', {}, ...words(answer?.description)));
  });
  parts.push(make('h3', {}, 'Answers'), table(['Status', 'Kind', 'Meaning'], rows));
  const good = answers.find(([number]) => number.startsWith('2'));
  const schema = good && resolve(good[1])?.content?.['application/json']?.schema;
  parts.push(make('h3', {}, 'Try it'), code(curl(method, path, operation)));
  if (schema) parts.push(make('h3', {}, 'Answer'), code(JSON.stringify(example(schema), null, 2)));
  return make('div', { class: 'inside' }, ...parts);
}

function card(method, path, operation) {
  const summary = make('summary', {},
    make('span', { class: `method ${method}` }, method.toUpperCase()),
    make('code', { class: 'path' }, path),
    make('span', { class: 'says' }, ...words(operation.summary)));
  const node = make('details', { class: 'operation', id: operation.operationId }, summary);
  // Filled when opened: most are never looked at.
  node.addEventListener('toggle', () => {
    if (node.open && node.children.length === 1) node.append(inside(method, path, operation));
  });
  const names = Object.keys(resolve(operation.requestBody?.content?.['application/json']?.schema)?.properties ?? {});
  const known = (operation.parameters ?? []).map((one) => resolve(one)?.name ?? '');
  node.dataset.text = [method, path, operation.operationId, operation.summary, operation.description, ...names, ...known].join(' ').toLowerCase();
  return node;
}

function show() {
  document.getElementById('version').textContent = doc.info.version;
  document.getElementById('intro').replaceChildren(...doc.info.description.trim().split('\n\n').map((part) => make('p', {}, ...words(part))));
  for (const tag of doc.tags ?? []) {
    const cards = [];
    const links = [];
    for (const [path, item] of Object.entries(doc.paths)) {
      for (const method of METHODS) {
        const operation = item[method];
        if (!operation?.tags?.includes(tag.name)) continue;
        cards.push(card(method, path, operation));
        const link = make('a', { href: `#${operation.operationId}` }, operation.summary ?? operation.operationId);
        link.dataset.for = operation.operationId;
        links.push(make('li', {}, link));
      }
    }
    if (!cards.length) continue;
    operations.append(make('section', { 'data-tag': tag.name }, make('h2', {}, tag.name), make('p', { class: 'words' }, ...words(tag.description)), ...cards));
    contents.append(make('div', { 'data-tag': tag.name }, make('h2', {}, tag.name), make('ul', {}, ...links)));
  }
  for (const [name, schema] of Object.entries(doc.components?.schemas ?? {})) {
    const node = make('details', { class: 'operation', id: `schema-${name}` }, make('summary', {}, make('code', {}, name), make('span', { class: 'says' }, ...words(schema.description))));
    node.addEventListener('toggle', () => {
      if (node.open && node.children.length === 1) node.append(make('div', { class: 'inside' }, fields(schema)));
    });
    node.dataset.text = [name, schema.description, ...Object.keys(schema.properties ?? {})].join(' ').toLowerCase();
    schemaList.append(node);
  }
  status.textContent = '';
  open();
}

function filter() {
  const parts = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  let hits = 0;
  for (const node of document.querySelectorAll('details.operation')) {
    const fits = parts.every((part) => node.dataset.text.includes(part));
    node.hidden = !fits;
    if (fits) hits += 1;
  }
  for (const link of contents.querySelectorAll('a')) link.parentElement.hidden = document.getElementById(link.dataset.for).hidden;
  for (const group of document.querySelectorAll('section[data-tag]')) {
    const empty = !group.querySelector('details:not([hidden])');
    group.hidden = empty;
    contents.querySelector(`div[data-tag="${CSS.escape(group.dataset.tag)}"]`).hidden = empty;
  }
  status.textContent = parts.length ? `${hits} found` : '';
}

function open() {
  const node = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (node?.tagName === 'DETAILS') {
    node.open = true;
    node.scrollIntoView();
  }
}

const theme = document.getElementById('theme');
function paint(name) {
  if (name) document.documentElement.dataset.theme = name;
  const dark = name ? name === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  theme.setAttribute('aria-pressed', String(dark));
}
theme.addEventListener('click', () => {
  const next = theme.getAttribute('aria-pressed') === 'true' ? 'light' : 'dark';
  localStorage.setItem('docs-theme', next);
  paint(next);
});
paint(localStorage.getItem('docs-theme'));

find.addEventListener('input', filter);
addEventListener('hashchange', open);
addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== find) {
    event.preventDefault();
    find.focus();
  }
});

try {
  const answer = await fetch('/api/openapi.json');
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  doc = await answer.json();
  show();
} catch (error) {
  status.textContent = `The document could not be read: ${error.message}. Reload the page, or open /api/openapi.json.`;
}
