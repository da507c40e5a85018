// node run.mjs TEXTS.jsonl: the peers' tokens per second, median of five runs each, one thread.
// TEXTS.jsonl comes from: dotnet run -c Release --project .. -- --texts TEXTS.jsonl
import { readFileSync } from 'node:fs';
import winkNLP from 'wink-nlp';
import model from 'wink-eng-lite-web-model';
import compromise from 'compromise';

const texts = readFileSync(process.argv[2], 'utf8').trimEnd().split('\n').map(line => JSON.parse(line).text);
const characters = texts.reduce((sum, text) => sum + text.length, 0);

function measure(name, run) {
  run();
  const seconds = [];
  let tokens = 0;
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    tokens = run();
    seconds.push((performance.now() - start) / 1000);
  }
  seconds.sort((a, b) => a - b);
  console.log(`${name}\t${tokens}\t${seconds[2].toFixed(3)}\t${Math.round(tokens / seconds[2])}`);
}

console.error(`${texts.length} texts, ${characters} characters`);
console.log('peer\ttokens\tseconds\ttokens_per_second');
const count = nlp => () => texts.reduce((sum, text) => {
  const doc = nlp.readDoc(text);
  return sum + doc.tokens().length() + 0 * doc.sentences().length();
}, 0);
measure('wink-nlp, full pipe', count(winkNLP(model)));
measure('wink-nlp, tokens and sentences', count(winkNLP(model, ['sbd'])));
measure('compromise, full pipe', () => texts.reduce((sum, text) => sum + compromise(text).terms().length, 0));
