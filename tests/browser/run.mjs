// SPDX-License-Identifier: Apache-2.0
// usage: node run.mjs [--out DIR] [--chromium PATH] REPORT.html...
// Opens each report as a file in Chromium and prints one TAP-like line a claim. Exit 1 if any claim fails.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { contrast } from './contrast.mjs';

const kWidths = [400, 1400];
const kSchemes = ['light', 'dark'];
const kPaperWidth = 690; // A4 at 96 dpi less the margins of the print style
const kMinContrast = 4.5; // WCAG 2.2, 1.4.3
const kBrowserArguments = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

function parseArguments(words) {
  const options = { out: null, chromium: '/usr/bin/chromium', files: [] };
  for (let i = 0; i < words.length; ++i) {
    if (words[i] === '--out') options.out = words[++i];
    else if (words[i] === '--chromium') options.chromium = words[++i];
    else options.files.push(words[i]);
  }
  return options;
}

// Collects outcomes; a claim holds when its list of troubles is empty.
class Claims {
  count = 0;
  failed = 0;
  check(name, troubles) {
    ++this.count;
    const holds = troubles.length === 0;
    if (!holds) ++this.failed;
    console.log(`${holds ? 'ok' : 'not ok'} ${this.count} - ${name}`);
    for (const trouble of troubles) console.log(`#   ${String(trouble).replace(/\n/g, '\n#   ')}`);
  }
}

// Everything a page does that a report must not do.
function watch(page, allowed) {
  const seen = { requests: [], console: [], dialogs: [] };
  page.on('request', (r) => { if (r.url() !== allowed && !r.url().startsWith('data:,')) seen.requests.push(r.url()); });
  page.on('console', (m) => seen.console.push(`${m.type()}: ${m.text()}`));
  page.on('pageerror', (e) => seen.console.push(`error: ${e.message}`));
  page.on('dialog', (d) => { seen.dialogs.push(d.message()); return d.dismiss(); });
  return seen;
}

// Runs inside the page: what could execute.
function activeContent() {
  const troubles = [];
  for (const element of document.querySelectorAll('*')) {
    const tag = element.localName;
    if (['script', 'iframe', 'object', 'embed', 'form', 'base', 'img', 'foreignobject'].includes(tag.toLowerCase()))
      troubles.push(`<${tag}>`);
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) troubles.push(`<${tag} ${name}>`);
      if (/^\s*(javascript|vbscript):/i.test(value)) troubles.push(`<${tag} ${name}="${value}">`);
    }
  }
  return troubles;
}

// Runs inside the page: elements that stick out of it, outside the regions that scroll by themselves.
function sticksOut() {
  const width = document.scrollingElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= window.innerWidth) return [];
  const out = [`the page is ${document.scrollingElement.scrollWidth} px wide`];
  for (const element of document.querySelectorAll('body *'))
    if (!element.closest('.scroll') && element.getBoundingClientRect().right > width + 0.5)
      out.push(`<${element.localName} class="${element.getAttribute('class') ?? ''}">`);
  return out.slice(0, 6);
}

// Runs inside the page: tables cut off at the edge of the paper.
function cutTables() {
  return [...document.querySelectorAll('table, svg')]
    .filter((e) => e.getBoundingClientRect().right > window.innerWidth + 0.5)
    .map((e) => `${e.querySelector('caption, title')?.textContent}: ${Math.round(e.getBoundingClientRect().right)} px`);
}

// Runs inside the page.
function bodyColours() {
  const style = getComputedStyle(document.body);
  return { ink: style.color, paper: style.backgroundColor };
}

async function accessibility(page) {
  await page.evaluate(axeSource); // evaluated by the debugger, so the page's own policy stays in force
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html).join(' | ')}`);
}

// Tab must reach the skip link first, then the contents, then every region that scrolls.
async function keyboard(page) {
  const reached = [];
  const wanted = await page.evaluate(() => document.querySelectorAll('a[href], [tabindex="0"]').length);
  for (let i = 0; i < wanted; ++i) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => document.activeElement.className || document.activeElement.localName));
  }
  const troubles = [];
  if (reached[0] !== 'skip') troubles.push(`the first stop is '${reached[0]}'`);
  const regions = await page.locator('.scroll').count();
  const stops = reached.filter((r) => r === 'scroll').length;
  if (stops !== regions) troubles.push(`${stops} of ${regions} scrolling regions are reached`);
  return troubles;
}

async function checkLook(page, claims, name, options) {
  const colours = {};
  for (const scheme of kSchemes) {
    await page.emulateMedia({ colorScheme: scheme });
    colours[scheme] = await page.evaluate(bodyColours);
    const ratio = contrast(colours[scheme].ink, colours[scheme].paper);
    claims.check(`${name}: ${scheme} text has a contrast of ${kMinContrast} or more`,
      ratio >= kMinContrast ? [] : [`it is ${ratio.toFixed(2)}`]);
    for (const width of kWidths) {
      await page.setViewportSize({ width, height: 900 });
      claims.check(`${name}: no sideways scrolling at ${width} px, ${scheme}`, await page.evaluate(sticksOut));
      if (options.out)
        await page.screenshot({ path: join(options.out, `${name}-${width}-${scheme}.png`), fullPage: true });
      claims.check(`${name}: axe-core finds no violation at ${width} px, ${scheme}`, await accessibility(page));
    }
  }
  claims.check(`${name}: light and dark differ`,
    colours.light.paper !== colours.dark.paper ? [] : [`both have ${colours.light.paper}`]);
}

async function checkPaper(page, claims, name, options) {
  await page.setViewportSize({ width: kPaperWidth, height: 1000 });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const { ink, paper } = await page.evaluate(bodyColours);
  claims.check(`${name}: paper is white and ink is black, whatever the screen`,
    contrast(ink, paper) > 15 && contrast(paper, 'rgb(0, 0, 0)') > 15 ? [] : [`ink ${ink}, paper ${paper}`]);
  claims.check(`${name}: nothing is cut at the edge of the paper`, await page.evaluate(cutTables));
  const pdf = await page.pdf({ format: 'A4', tagged: true, printBackground: true, preferCSSPageSize: true });
  claims.check(`${name}: prints to PDF`,
    pdf.subarray(0, 5).toString() === '%PDF-' && pdf.length > 5000 ? [] : [`${pdf.length} bytes`]);
  if (options.out) writeFileSync(join(options.out, `${name}.pdf`), pdf);
}

async function checkReport(browser, claims, file, options) {
  const name = basename(file).replace(/\.html$/, '');
  const url = pathToFileURL(resolve(file)).href;
  const page = await browser.newPage();
  const seen = watch(page, url);
  await page.goto(url, { waitUntil: 'load' });
  claims.check(`${name}: holds nothing that could execute`, await page.evaluate(activeContent));
  claims.check(`${name}: the keyboard reaches everything`, await keyboard(page));
  await checkLook(page, claims, name, options);
  await checkPaper(page, claims, name, options);
  claims.check(`${name}: asks for nothing but itself`, seen.requests);
  claims.check(`${name}: the console stays empty`, seen.console);
  claims.check(`${name}: opens no dialog`, seen.dialogs);
  await page.close();
}

const options = parseArguments(process.argv.slice(2));
if (options.files.length === 0) {
  console.error('usage: node run.mjs [--out DIR] [--chromium PATH] REPORT.html...');
  process.exit(2);
}
if (options.out) mkdirSync(options.out, { recursive: true });
const claims = new Claims();
const browser = await chromium.launch({ executablePath: options.chromium, args: kBrowserArguments });
try {
  for (const file of options.files) await checkReport(browser, claims, file, options);
} finally {
  await browser.close();
}
console.log(`1..${claims.count}`);
console.log(`# ${claims.count - claims.failed} of ${claims.count} claims hold`);
process.exitCode = claims.failed === 0 ? 0 : 1;
