// SPDX-License-Identifier: Apache-2.0
// usage: node serve.mjs RIDGEPOINT FOLDER
// The dashboard of `ridgepoint serve` in Chromium: it asks, shows and asks again; nothing is blocked or comes from elsewhere;
// hostile names stay text; axe finds nothing.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const [program, folder] = process.argv.slice(2);
const server = spawn(program, ['serve', folder, '--port', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
const line = await new Promise((found) => createInterface({ input: server.stderr }).once('line', found));
const base = `http://127.0.0.1:${line.match(/:(\d+)\//)[1]}`;
let failed = 0;
const check = (name, good, detail = '') => {
  if (!good) ++failed;
  console.log(`${good ? 'ok' : 'not ok'} - ${name}${good ? '' : '\n#   ' + detail}`);
};

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage({ bypassCSP: false });
  const troubles = [], elsewhere = [], dialogs = [];
  page.on('console', (m) => { if (m.type() === 'error' && !m.text().includes('favicon')) troubles.push(`${m.text()} ${m.location().url}`); });
  page.on('pageerror', (e) => troubles.push(e.message));
  page.on('request', (r) => { if (!r.url().startsWith(base)) elsewhere.push(r.url()); });
  page.on('dialog', (d) => { dialogs.push(d.message()); return d.dismiss(); });
  const answered = async () => {
    await page.waitForFunction(() => /Computed in|no answer/i.test(document.getElementById('answer').textContent), null, { timeout: 60000 });
    return page.locator('#answer').textContent();
  };
  const change = async (action) => {
    await page.evaluate(() => { document.getElementById('answer').textContent = ''; });
    await action();
    return answered();
  };
  await page.goto(base + '/');
  const first = await answered();
  check('a first answer', first.includes('for the lowest cost'), first);
  check('a ranking', (await page.locator('#ranking tbody tr').count()) > 3);
  await change(() => page.selectOption('#subject', 'workload sparse/spmv-27pt'));
  const then = await change(() => page.fill('#as-of', '2017-06').then(() => page.locator('#as-of').dispatchEvent('change')));
  check('the date of the question', then.includes('2017-06'), then);
  const fastest = await change(() => page.selectOption('#objective', 'time'));
  check('another objective', fastest.includes('for the lowest time'), fastest);
  const network = await change(() => page.selectOption('#subject', 'network resnet18'));
  check('a network', network.includes('for the lowest time'), network);
  await page.waitForSelector('#cliff:not([hidden])', { timeout: 60000 }).catch(() => {});
  check('memory by batch', await page.locator('#cliff-chart polyline').count() === 1, await page.locator('#answer').textContent());
  const half = await change(() => page.selectOption('#precision', 'fp16'));
  check('another precision', half.includes('Computed in'), half);
  const wrong = await change(() => page.fill('#input', '1x2x3xx').then(() => page.locator('#input').dispatchEvent('change')));
  check('a wrong input is said so', wrong.includes('There is no answer'), wrong);
  check('documents are listed', (await page.locator('#documents li').count()) > 5);
  check('nothing from elsewhere', elsewhere.length === 0, elsewhere.join());
  check('no dialogs', dialogs.length === 0);
  const real = troubles.filter((t) => !/400 \(Bad Request\)/.test(t));
  check('nothing is blocked or fails', real.length === 0, real.join('\n'));
  const tested = await browser.newPage({ bypassCSP: true });
  await tested.goto(base + '/');
  await tested.waitForFunction(() => /Computed in/.test(document.getElementById('answer').textContent), null, { timeout: 60000 });
  await tested.addScriptTag({ content: axeSource });
  for (const scheme of ['light', 'dark']) {
    await tested.emulateMedia({ colorScheme: scheme });
    const { violations } = await tested.evaluate(() => globalThis.axe.run());
    check(`accessible, ${scheme}`, violations.length === 0, violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`).join('\n'));
  }
  for (const width of [400, 1400]) {
    await tested.setViewportSize({ width, height: 900 });
    check(`fits ${width} px`, await tested.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }
} finally {
  await browser.close();
  server.kill('SIGINT');
}
process.exit(failed ? 1 : 0);
